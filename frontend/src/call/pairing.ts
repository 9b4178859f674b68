/** Who makes the media connection of a pair, and what to do with those that stand. Pure. */

import type { Participant } from "../signaling/protocol";

type Seat = Pick<Participant, "id" | "role" | "state" | "connection" | "incarnation">;

/** The doctor towards everybody, otherwise the smaller id. */
export function isInitiator(self: Pick<Seat, "id" | "role">, other: Pick<Seat, "id" | "role">): boolean {
  if (self.role === "doctor" || other.role === "doctor") return self.role === "doctor";
  return self.id < other.id;
}

/** A connection that stands. */
export interface Standing {
  readonly incarnation: string;
  /** Prepared for somebody who waits, nothing said yet. */
  readonly held: boolean;
}

export type Move =
  | "keep"
  /** Send what was prepared. */
  | "say"
  /** Make a connection and offer; a standing one is closed. */
  | "offer"
  /** Make a connection for somebody who waits, without a word. */
  | "prepare"
  | "close"
  | "nothing";

/** What to do about one other person of the room. */
export function moveFor(self: Seat, other: Seat, standing: Standing | undefined): Move {
  const same = standing?.incarnation === other.incarnation;
  const online = other.connection === "online";
  const leads = isInitiator(self, other);
  if (self.state !== "admitted") return standing ? "close" : "nothing";
  if (other.state === "waiting") {
    // Also when it has been said already: the offer travels right behind the admission.
    if (leads && same) return "keep";
    if (leads && online && self.role === "doctor") return "prepare";
    return standing ? "close" : "nothing";
  }
  if (same) return standing?.held ? "say" : "keep";
  if (leads && online) return "offer";
  return standing ? "close" : "nothing";
}
