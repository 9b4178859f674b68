import { lazy, type ReactNode, Suspense, useEffect, useState } from "react";
import { staffSession } from "../../api/session";
import type { CallSession, Outcome } from "../../call";
import { Button } from "../../components/button";
import { sounds } from "../../components/sounds";
import { useWakeLock } from "../../components/use-wake-lock";
import { useWatched } from "../../components/use-watched";
import { useI18n } from "../../i18n";
import { Bar, cameraOn, micOn } from "./bar";
import { ChatPanel } from "./chat-panel";
import { EndDialog } from "./end-dialog";
import { Knocking } from "./knocking";
import { MoreDialog } from "./more-dialog";
import { SelfTile } from "./self-tile";
import { StatusLine } from "./status-line";
import { Tile } from "./tile";
import { useShortcuts } from "./use-shortcuts";
import { useUnblock } from "./use-unblock";

// The patient's page never loads it.
const NotesPanel = lazy(() => import("./notes-panel"));

type Open = "nothing" | "chat" | "notes" | "more" | "end";

const GRID = ["", "grid-cols-1", "grid-cols-1 landscape:grid-cols-2", "grid-cols-2"] as const;

/** The consultation itself: the others fill the stage, oneself sits in a corner, the controls below. */
export function Stage({
  session,
  doctor,
  alone,
  onWithdraw,
  onEnded,
}: {
  session: CallSession;
  doctor: boolean;
  alone: ReactNode;
  onWithdraw?: () => Promise<void>;
  onEnded?: (outcome: Outcome, reason: string | undefined) => void;
}) {
  const { t } = useI18n();
  useWakeLock();
  const peers = useWatched(session.peers);
  const waiting = useWatched(session.waiting);
  const self = useWatched(session.self);
  const [open, setOpen] = useState<Open>("nothing");
  const [noted, setNoted] = useState(false);
  // A demonstration's seat has no account, and so no notes.
  const writes = useWatched(staffSession).is === "in" && doctor;
  const { blocked, block, unblock } = useUnblock();
  const toggle = (what: Open) => setOpen((now) => (now === what ? "nothing" : what));
  const notes = () => {
    setNoted(true);
    toggle("notes");
  };
  useEffect(() => {
    if (!doctor) sounds.admitted();
  }, [doctor]);
  useShortcuts({
    m: () => void session.media.setMicrophone(!micOn(session)),
    v: () => void session.media.setCamera(!cameraOn(session)),
    c: () => toggle("chat"),
    ...(writes && { n: notes }),
    escape: () => setOpen((now) => (now === "chat" || now === "notes" ? "nothing" : now)),
  });
  const end = (outcome: Outcome, reason: string | undefined) => {
    setOpen("nothing");
    void session.end(outcome, reason).then((result) => {
      if (!result.ok) onEnded?.(outcome, reason);
    });
  };
  return (
    <div data-stage className="fixed inset-0 flex flex-col bg-stage text-stage-text">
      <div className="relative flex min-h-0 flex-1">
        <main aria-label={t("call.stage")} className="relative min-w-0 flex-1 overflow-hidden">
          <div className={`grid size-full auto-rows-fr gap-1 ${GRID[Math.min(peers.length, 3)]}`}>
            {peers.map((peer) => (
              <Tile key={peer.id} peer={peer} onBlocked={block} />
            ))}
          </div>
          {peers.length === 0 && waiting.length === 0 && (
            <Alone session={session} doctor={doctor}>
              {alone}
            </Alone>
          )}
          <StatusLine session={session} chatOpen={open === "chat"} />
          {doctor && <Knocking session={session} />}
          {blocked && (
            <div className="absolute inset-x-4 bottom-4 z-20 grid justify-items-center gap-2 text-center">
              <Button size="big" icon="speaker" onClick={unblock} className="max-w-sm">
                {t("call.tap_to_hear")}
              </Button>
              <p className="rounded-md bg-black/65 px-2 text-sm">{t("call.tap_to_hear.note")}</p>
            </div>
          )}
          <SelfTile media={session.media} name={self?.name ?? ""} />
        </main>
        {open === "chat" && <ChatPanel session={session} onClose={() => setOpen("nothing")} />}
        {noted && (
          <Suspense>
            <NotesPanel session={session} hidden={open !== "notes"} onClose={() => setOpen("nothing")} />
          </Suspense>
        )}
      </div>
      <Bar
        session={session}
        doctor={doctor}
        chatOpen={open === "chat"}
        onChat={() => toggle("chat")}
        notesOpen={open === "notes"}
        onNotes={writes ? notes : null}
        onMore={() => setOpen("more")}
        onEnd={() => (doctor ? setOpen("end") : void session.leave())}
      />
      {open === "more" && (
        <MoreDialog
          session={session}
          doctor={doctor}
          onClose={() => setOpen("nothing")}
          {...(onWithdraw && { onWithdraw })}
        />
      )}
      {open === "end" && <EndDialog onConfirm={end} onClose={() => setOpen("nothing")} />}
    </div>
  );
}

function Alone({
  session,
  doctor,
  children,
}: {
  session: CallSession;
  doctor: boolean;
  children: ReactNode;
}) {
  const { t } = useI18n();
  const withdrew = useWatched(session.withdrew);
  return (
    <div className="absolute inset-0 grid place-content-center justify-items-center gap-4 p-8 text-center text-lg text-stage-muted">
      <p aria-live="polite" className="max-w-md">
        {doctor && withdrew
          ? t("consent.withdrew", { name: withdrew.name })
          : t(doctor ? "call.alone.doctor" : "call.alone")}
      </p>
      {children}
    </div>
  );
}
