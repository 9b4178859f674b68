import type { RoomOut } from "../../api/types";
import { useI18n } from "../../i18n";
import { type Standing, standingOf, testOf } from "../doctor/room-card";
import type { Clinic } from "../doctor/use-clinic";
import { causeWords, LightSign } from "../readiness/words";

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
  const i18n = useI18n();
  const { t } = i18n;
  return (room) => {
    const test = room.state === "open" ? testOf(room) : null;
    const [cause] = test?.causes ?? [];
    const { words } = standing(room, now);
    const outcome = room.outcome ? t(`outcome.${room.outcome}`) : words ? t(words) : null;
    const times = `${clinic.format.time(room.starts_at)}–${clinic.format.time(room.ends_at)}`;
    const light = test ? t(`light.${test.light}`) : null;
    const reason = cause ? causeWords(cause, i18n).title : null;
    return [times, room.patient.name, outcome, light, reason].filter(Boolean).join(", ");
  };
}

/** Whether the patient's equipment is fit, at a glance; in words it stands in the button's name. */
export function RoomLight({ room }: { room: RoomOut }) {
  const test = room.state === "open" ? testOf(room) : null;
  return test ? <LightSign light={test.light} /> : null;
}
