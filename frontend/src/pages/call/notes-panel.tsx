import { useEffect, useRef, useState } from "react";
import { staff } from "../../api/staff";
import type { FollowUpOut } from "../../api/types";
import type { CallSession } from "../../call";
import { Icon } from "../../components/icon";
import { useWatched } from "../../components/use-watched";
import { useI18n } from "../../i18n";
import { FollowUpWarning } from "../records/follow-up-warning";
import { NotePad } from "../records/note-pad";

/** The doctor's notes beside the stage. It stays while it is hidden, so that nothing half written is thrown away. */
export default function NotesPanel({
  session,
  hidden,
  onClose,
}: {
  session: CallSession;
  hidden: boolean;
  onClose: () => void;
}) {
  const { t } = useI18n();
  const call = useWatched(session.call);
  const room = useWatched(session.room);
  const [callId, setCallId] = useState<string | null>(null);
  const close = useRef<HTMLButtonElement>(null);
  // After everybody has gone the note of what was said stays open.
  useEffect(() => {
    if (call) setCallId(call.id);
  }, [call]);
  useEffect(() => {
    if (!hidden) close.current?.focus();
  }, [hidden]);
  return (
    <aside
      aria-label={t("notes.title")}
      hidden={hidden}
      className={`absolute inset-x-0 bottom-0 z-20 h-[70%] flex-col rounded-t-card bg-surface text-text shadow-float motion-safe:animate-rise md:static md:h-auto md:w-90 md:rounded-none ${hidden ? "hidden" : "flex"}`}
    >
      <div className="flex items-center justify-between border-b border-line py-1 pr-1 pl-4">
        <h2 className="font-semibold">{t("notes.title")}</h2>
        <button
          ref={close}
          type="button"
          aria-label={t("call.panel.close")}
          onClick={onClose}
          className="grid size-11 place-items-center rounded-card hover:bg-sunken"
        >
          <Icon name="close" />
        </button>
      </div>
      <div className="flex min-h-0 flex-1 flex-col gap-3 overflow-y-auto p-4 pb-[max(16px,env(safe-area-inset-bottom))]">
        {room && <Warning roomId={room.id} />}
        {callId ? (
          <NotePad key={callId} callId={callId} fill />
        ) : (
          <p className="text-muted">{t("notes.wait")}</p>
        )}
        <p className="text-sm text-muted">{t("notes.private")}</p>
      </div>
    </aside>
  );
}

/** Says something only when there is something to say; a failure here must not disturb a consultation. */
function Warning({ roomId }: { roomId: string }) {
  const [known, setKnown] = useState<FollowUpOut | null>(null);
  useEffect(() => {
    staff.followUp(roomId).then(setKnown, () => undefined);
  }, [roomId]);
  return known && <FollowUpWarning known={known} />;
}
