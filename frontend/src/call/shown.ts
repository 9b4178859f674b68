/** What pages watch of a room. */

import { Value } from "../rtc/value";
import type { CallInfo, Estimate, Notice, Participant, RoomInfo } from "../signaling/protocol";
import type { Roster } from "./roster";

export class Shown {
  readonly self = new Value<Participant | null>(null);
  readonly room = new Value<RoomInfo | null>(null);
  readonly participants = new Value<readonly Participant[]>([]);
  readonly waiting = new Value<readonly Participant[]>([]);
  readonly call = new Value<CallInfo | null>(null);
  readonly position = new Value<number | null>(null);
  readonly estimate = new Value<Estimate | null>(null);
  readonly notice = new Value<Notice | null>(null);
  readonly refusal = new Value<string | null>(null);

  show({ self, room, others, call, position, estimate, notice }: Roster): void {
    this.self.set(self);
    this.room.set(room);
    this.participants.set(others);
    this.waiting.set(self.role === "doctor" ? others.filter(({ state }) => state === "waiting") : []);
    this.call.set(call);
    const waits = self.state === "waiting";
    this.position.set(waits ? position : null);
    this.estimate.set(waits ? estimate : null);
    this.notice.set(waits ? notice : null);
  }

  /** Nobody waits and nothing runs any more; who it was stays for the farewell. */
  over(): void {
    this.waiting.set([]);
    this.call.set(null);
    this.position.set(null);
  }
}
