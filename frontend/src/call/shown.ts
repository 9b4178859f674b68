/** What pages watch of a room. */

import { Value } from "../rtc/value";
import type { CallInfo, LeaveReason, Participant, RoomInfo } from "../signaling/protocol";
import type { Roster } from "./roster";

export class Shown {
  readonly self = new Value<Participant | null>(null);
  readonly room = new Value<RoomInfo | null>(null);
  readonly participants = new Value<readonly Participant[]>([]);
  readonly waiting = new Value<readonly Participant[]>([]);
  readonly call = new Value<CallInfo | null>(null);
  readonly position = new Value<number | null>(null);
  readonly withdrew = new Value<Participant | null>(null);

  show({ self, room, others, call, position }: Roster): void {
    this.self.set(self);
    this.room.set(room);
    this.participants.set(others);
    this.waiting.set(self.role === "doctor" ? others.filter(({ state }) => state === "waiting") : []);
    this.call.set(call);
    this.position.set(self.state === "waiting" ? position : null);
    if (others.some(({ id }) => id === this.withdrew.get()?.id)) this.withdrew.set(null);
  }

  /** Somebody of this roster is gone. */
  left({ others }: Roster, { id, reason }: { id: string; reason: LeaveReason }): void {
    if (reason === "consent_withdrawn") this.withdrew.set(others.find((other) => other.id === id) ?? null);
  }

  /** Nobody waits and nothing runs any more; who it was stays for the farewell. */
  over(): void {
    this.waiting.set([]);
    this.call.set(null);
    this.position.set(null);
  }
}
