/** The call's state as one key of the catalogue: pure, and the same words for eye and ear. */
import type { CallPhase, PeerView, ServerLink } from "../../call";
import type { Key } from "../../i18n";

export type StateKey = Exclude<Extract<Key, `call.state.${string}`>, `call.state.peer_${string}`>;

/** What stands in the call's status line. Trouble with media comes before trouble with the server. */
export function stateKey(phase: CallPhase, peers: readonly PeerView[], server: ServerLink): StateKey {
  switch (phase.is) {
    case "connecting":
      return "call.state.connecting";
    case "waiting":
      return server === "online" ? "call.state.waiting" : "call.state.connecting";
    case "talking":
      if (peers.some((peer) => peer.link === "reconnecting")) return "call.state.reconnecting";
      if (server !== "online") return "call.state.socket";
      if (peers.length === 0) return "call.state.alone";
      return peers.some((peer) => peer.link === "connected") ? "call.state.talking" : "call.state.connecting";
    case "ended":
    case "refused":
    case "taken_over":
      return "call.state.ended";
  }
}
