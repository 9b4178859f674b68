import type { RoomOut } from "../../api/types";
import { useI18n } from "../../i18n";
import { type Standing, standingOf } from "../doctor/room-card";
import type { Clinic } from "../doctor/use-clinic";

export const BLOCK: Record<string, string> = {
  ahead: "border-l-accent bg-accent-soft text-text hover:brightness-97",
  "room.state.now": "border-l-accent bg-accent text-on-accent hover:bg-accent-strong",
  "room.state.late": "border-l-warn bg-warn-soft text-text hover:brightness-97",
  "room.state.closed": "border-l-field bg-sunken text-muted",
};

/** How a room lies on the agenda: its state's key, its words, and whether it was called off. */
export function standing(room: RoomOut, now: Date): { key: string; words: Standing; off: boolean } {
  const words = standingOf(room, false, now);
  const off = room.state === "closed" && room.outcome !== "completed";
  return { key: words ?? "ahead", words, off };
}

/** The name of a room's button: when, who, and how it stands. */
export function useRoomName(clinic: Clinic, now: Date): (room: RoomOut) => string {
  const { t } = useI18n();
  return (room) => {
    const { words } = standing(room, now);
    const outcome = room.outcome ? t(`outcome.${room.outcome}`) : words ? t(words) : null;
    const times = `${clinic.format.time(room.starts_at)}–${clinic.format.time(room.ends_at)}`;
    return [times, room.patient.name, outcome].filter(Boolean).join(", ");
  };
}
