import { useState } from "react";
import { useLocation } from "wouter";
import type { RoomOut } from "../../api/types";
import { Button } from "../../components/button";
import { useNow } from "../../components/use-now";
import { type Key, useI18n } from "../../i18n";
import { ReadinessMark } from "../readiness/words";
import { Invitations } from "./invitations";
import { useClinic } from "./use-clinic";

export type Standing =
  | "room.state.closed"
  | "room.state.running"
  | "room.state.late"
  | "room.state.now"
  | null;

/** What a room's card says about it; null when it simply lies ahead. */
export function standingOf(room: RoomOut, inCall: boolean, now: Date): Standing {
  if (room.state === "closed") return "room.state.closed";
  if (inCall) return "room.state.running";
  if (new Date(room.ends_at) < now) return "room.state.late";
  return new Date(room.starts_at) <= now ? "room.state.now" : null;
}

const LOOK: Partial<Record<Key, string>> = {
  "room.state.running": "bg-ok-soft text-ok",
  "room.state.late": "bg-warn-soft text-warn",
  "room.state.now": "bg-accent-soft text-accent",
  "room.state.closed": "bg-sunken text-muted",
};

/** The patient's own last test, if they made one. */
export const testOf = (room: RoomOut) => room.invitations.find((one) => one.role === "patient")?.readiness;

/** What it came to, in words. */
export function RoomReadiness({ room }: { room: RoomOut }) {
  const test = testOf(room);
  return test ? <ReadinessMark light={test.light} causes={test.causes} /> : null;
}

export function RoomCard({ room, inCall }: { room: RoomOut; inCall: boolean }) {
  const { t } = useI18n();
  const { format } = useClinic();
  const [, navigate] = useLocation();
  const [open, setOpen] = useState(false);
  const now = useNow(30);
  const standing = standingOf(room, inCall, now);
  const closed = room.state === "closed";
  const today = format.sameDay(room.starts_at, now);
  return (
    <article className="grid grid-cols-1 gap-3 rounded-card border border-line bg-surface p-4">
      <div className="flex flex-wrap items-start gap-x-4 gap-y-2">
        <div className="w-24 shrink-0 tabular-nums">
          <p className="text-lg font-semibold">{format.time(room.starts_at)}</p>
          <p className="text-sm text-muted">
            {today ? format.time(room.ends_at) : format.date(room.starts_at)}
          </p>
        </div>
        <div className="min-w-0 flex-1 basis-40">
          <h3 className="truncate font-semibold">{room.patient.name}</h3>
          <p className="text-sm text-muted">
            {room.scheduled ? t(`modality.${room.modality}`) : t("room.instant")}
          </p>
          {!closed && <RoomReadiness room={room} />}
          {room.outcome && <p className="text-sm">{t(`outcome.${room.outcome}`)}</p>}
        </div>
        {standing && (
          <span className={`rounded-full px-3 py-0.5 text-sm font-medium ${LOOK[standing]}`}>
            {t(standing)}
          </span>
        )}
      </div>
      {!closed && (
        <div className="flex flex-wrap gap-2">
          <Button size="small" icon="camera" onClick={() => navigate(`/medico/${room.id}`)}>
            {t("room.enter")}
          </Button>
          <Button look="quiet" size="small" aria-expanded={open} onClick={() => setOpen((now) => !now)}>
            {t("room.manage")}
          </Button>
        </div>
      )}
      {open && !closed && <Invitations room={room} />}
    </article>
  );
}
