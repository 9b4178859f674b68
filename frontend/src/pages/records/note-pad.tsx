import { useEffect, useState } from "react";
import { staff } from "../../api/staff";
import { Button } from "../../components/button";
import { Loading } from "../../components/loading";
import { Notice } from "../../components/notice";
import { useWatched } from "../../components/use-watched";
import { useI18n } from "../../i18n";
import { Notebook, type NotebookView } from "./notebook";

function storeOf(callId: string) {
  return {
    load: () => staff.note(callId),
    save: (text: string, baseVersion: number) => staff.saveNote(callId, { text, base_version: baseVersion }),
  };
}

/** The doctor's own note of a call, saved while they write. Give it the call's id as `key`. */
export function NotePad({ callId, fill = false }: { callId: string; fill?: boolean }) {
  const { t, words } = useI18n();
  const [notebook] = useState(() => new Notebook(storeOf(callId)));
  const view = useWatched(notebook.view);
  useEffect(() => {
    void notebook.open();
    const hide = () => void notebook.flush();
    const leave = (event: BeforeUnloadEvent) => {
      if (notebook.unsaved) event.preventDefault();
    };
    document.addEventListener("visibilitychange", hide);
    addEventListener("beforeunload", leave);
    return () => {
      document.removeEventListener("visibilitychange", hide);
      removeEventListener("beforeunload", leave);
      notebook.close();
    };
  }, [notebook]);
  if (view.is === "loading") return <Loading label={t("app.loading")} />;
  if (view.is === "failed") return <Notice tone="problem" title={words(view.code).title} />;
  return (
    <div className={`grid gap-2 ${fill ? "min-h-0 flex-1 grid-rows-[1fr_auto]" : ""}`}>
      <textarea
        aria-label={t("notes.label")}
        value={view.text}
        onChange={(event) => notebook.write(event.target.value)}
        className={`w-full resize-y rounded-card border border-field bg-surface p-3 text-text ${fill ? "min-h-32" : "min-h-40"}`}
      />
      {view.theirs && <Conflict notebook={notebook} mine={view.text} theirs={view.theirs.text} />}
      {view.refused && (
        <Notice tone="problem" title={words(view.refused).title}>
          <p>{words(view.refused).next}</p>
        </Notice>
      )}
      {!view.theirs && !view.refused && <SaveState view={view} />}
    </div>
  );
}

function SaveState({ view }: { view: Extract<NotebookView, { is: "open" }> }) {
  const { t, format } = useI18n();
  const said =
    view.state === "waiting"
      ? t("notes.state.waiting")
      : view.state === "saving"
        ? t("notes.state.saving")
        : view.state === "saved" && view.savedAt
          ? t("notes.state.saved", { time: format.time(view.savedAt) })
          : t("notes.state.empty");
  return (
    <p role="status" className={`text-sm ${view.state === "waiting" ? "text-warn" : "text-muted"}`}>
      {said}
    </p>
  );
}

function Conflict({ notebook, mine, theirs }: { notebook: Notebook; mine: string; theirs: string }) {
  const { t } = useI18n();
  const texts = [
    [t("notes.conflict.theirs"), theirs],
    [t("notes.conflict.mine"), mine],
  ];
  return (
    <Notice tone="problem" title={t("notes.conflict")}>
      <p>{t("notes.conflict.next")}</p>
      {texts.map(([title, text]) => (
        <div key={title} className="grid gap-1 pt-2">
          <p className="text-sm font-medium">{title}</p>
          <p className="max-h-40 overflow-y-auto rounded-card border border-line bg-surface p-2 break-words whitespace-pre-wrap">
            {text}
          </p>
        </div>
      ))}
      <div className="flex flex-wrap gap-2 pt-2">
        <Button size="small" onClick={() => notebook.settle("both")}>
          {t("notes.conflict.both")}
        </Button>
        <Button size="small" look="secondary" onClick={() => notebook.settle("mine")}>
          {t("notes.conflict.keep_mine")}
        </Button>
        <Button size="small" look="secondary" onClick={() => notebook.settle("theirs")}>
          {t("notes.conflict.keep_theirs")}
        </Button>
      </div>
    </Notice>
  );
}
