/** What pages watch of a room. */

import { Value } from "../rtc/value";
import type { SignalingPort } from "../signaling/port";
import type { CallInfo, Estimate, LeaveReason, Notice, Participant, RoomInfo } from "../signaling/protocol";
import type { Roster } from "./roster";
import { type Told, UNTOLD } from "./types";

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
  readonly withdrew = new Value<Participant | null>(null);

  readonly told = new Value<Told>(UNTOLD);

  /** What the server says beside the roster. */
  listen(port: SignalingPort): (() => void)[] {
    return [
      port.on("trouble_told", (news) =>
        this.told.update(({ byPhone, troubles }) => {
          const others = troubles.filter((one) => one.participant_id !== news.participant_id);
          return { byPhone, troubles: news.cause || news.wants_phone ? [...others, news] : others };
        }),
      ),
      port.on("continued_by_phone", () => this.told.update((told) => ({ ...told, byPhone: true }))),
    ];
  }

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
