import { type FormEvent, useEffect, useRef, useState } from "react";
import type { CallSession, ChatLine } from "../../call";
import { Icon } from "../../components/icon";
import { useWatched } from "../../components/use-watched";
import { useI18n } from "../../i18n";

const LONGEST = 2000;

/** Beside the stage on wide screens, a sheet over it on phones. Works while the server is away. */
export function ChatPanel({ session, onClose }: { session: CallSession; onClose: () => void }) {
  const { t } = useI18n();
  const { lines, unread } = useWatched(session.chat);
  const [text, setText] = useState("");
  const end = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    input.current?.focus();
  }, []);
  useEffect(() => {
    if (unread > 0) session.markChatRead();
  }, [session, unread]);
  const count = lines.length;
  // biome-ignore lint/correctness/useExhaustiveDependencies: each new line scrolls into view
  useEffect(() => {
    // Newer browsers answer with a promise, which is no cleanup of an effect.
    void end.current?.scrollIntoView({ block: "end" });
  }, [count]);
  const send = (event: FormEvent) => {
    event.preventDefault();
    const line = text.trim();
    if (!line) return;
    session.sendChat(line);
    setText("");
  };
  return (
    <aside
      aria-label={t("call.chat")}
      className="absolute inset-x-0 bottom-0 z-20 flex h-[70%] flex-col rounded-t-card bg-surface text-text shadow-float motion-safe:animate-rise md:static md:h-auto md:w-90 md:rounded-none"
    >
      <div className="flex items-center justify-between border-b border-line py-1 pr-1 pl-4">
        <h2 className="font-semibold">{t("call.chat")}</h2>
        <button
          type="button"
          aria-label={t("call.panel.close")}
          onClick={onClose}
          className="grid size-11 place-items-center rounded-card hover:bg-sunken"
        >
          <Icon name="close" />
        </button>
      </div>
      <div role="log" aria-label={t("call.chat")} className="flex-1 overflow-y-auto p-4">
        {count === 0 && <p className="text-muted">{t("call.chat.empty")}</p>}
        <ol className="grid gap-3">
          {lines.map((line) => (
            <Line key={line.id} line={line} onAgain={() => session.sendChat(line.text)} />
          ))}
        </ol>
        <div ref={end} />
      </div>
      <form
        onSubmit={send}
        className="flex gap-2 border-t border-line p-3 pb-[max(12px,env(safe-area-inset-bottom))]"
      >
        <input
          ref={input}
          value={text}
          maxLength={LONGEST}
          autoComplete="off"
          enterKeyHint="send"
          aria-label={t("call.chat.message")}
          placeholder={t("call.chat.message")}
          onChange={(event) => setText(event.target.value)}
          className="min-h-11 min-w-0 flex-1 rounded-card border border-field bg-surface px-3 placeholder:text-muted"
        />
        <button
          type="submit"
          aria-label={t("call.chat.send")}
          className="grid size-11 shrink-0 place-items-center rounded-card bg-accent text-on-accent hover:bg-accent-strong"
        >
          <Icon name="send" size={20} />
        </button>
      </form>
    </aside>
  );
}

function Line({ line, onAgain }: { line: ChatLine; onAgain: () => void }) {
  const { t, format } = useI18n();
  const who = line.mine ? t("call.chat.you") : line.name;
  return (
    <li className={`grid max-w-[88%] gap-0.5 ${line.mine ? "justify-self-end" : "justify-self-start"}`}>
      <p className={`text-xs text-muted ${line.mine ? "text-right" : ""}`}>
        {who} · {t(`role.${line.role}`)} · {format.time(line.at)}
        {line.delivery === "sending" && ` · ${t("call.chat.sending")}`}
      </p>
      <p
        className={`rounded-card px-3 py-2 break-words whitespace-pre-wrap ${line.mine ? "bg-accent-soft" : "bg-sunken"}`}
      >
        {line.text}
      </p>
      {line.delivery === "failed" && (
        <p className="flex items-center justify-end gap-2 text-sm text-danger">
          {t("call.chat.failed")}
          <button type="button" onClick={onAgain} className="min-h-9 font-semibold underline">
            {t("call.chat.resend")}
          </button>
        </p>
      )}
    </li>
  );
}
