/** What the doctor decides about a person; each is answered when the server has it. */

import type { SignalingPort } from "../signaling/port";
import type { Peers } from "./peers";
import type { ActionResult, CallSession } from "./types";

export type Decisions = Pick<CallSession, "admit" | "refuse" | "remove" | "hold">;

export function decisions(port: SignalingPort, peers: Pick<Peers, "say" | "unsay">): Decisions {
  const decide =
    (event: "refuse" | "remove" | "hold") =>
    (id: string): Promise<ActionResult> =>
      port.send(event, { participant_id: id });
  return {
    async admit(id) {
      const answer = port.send("admit", { participant_id: id });
      peers.say(id);
      const result = await answer;
      if (result.ok || result.code === "already_admitted") return { ok: true };
      peers.unsay(id);
      return result;
    },
    refuse: decide("refuse"),
    remove: decide("remove"),
    hold: decide("hold"),
  };
}
