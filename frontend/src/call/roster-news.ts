/** What the server tells about who is in the room, as changes of the roster. */

import type { SignalingPort } from "../signaling/port";
import type { LeaveReason } from "../signaling/protocol";
import {
  type Roster,
  withCall,
  withNotice,
  withoutParticipant,
  withParticipant,
  withPosition,
} from "./roster";
import type { Shown } from "./shown";

type Change = (change: (roster: Roster) => Roster, left?: { id: string; reason: LeaveReason }) => void;

/** Hands every piece of news to `change`, and what is beside the roster to `shown`. Returns how to stop that. */
export function rosterNews(port: SignalingPort, shown: Shown, change: Change): (() => void)[] {
  return [
    ...shown.listen(port),
    ...(["participant_joined", "participant_updated"] as const).map((event) =>
      port.on(event, ({ version, participant }) =>
        change((roster) => withParticipant(roster, version, participant)),
      ),
    ),
    port.on("participant_left", ({ version, participant: { id }, reason }) =>
      change((roster) => withoutParticipant(roster, version, id), { id, reason }),
    ),
    port.on("call_started", ({ version, call }) => change((roster) => withCall(roster, version, call))),
    port.on("queue_updated", (queue) => {
      if ("position" in queue) change((roster) => withPosition(roster, queue.position, queue.estimate));
    }),
    port.on("notice", (notice) => change((roster) => withNotice(roster, notice))),
  ];
}
