/** What a peer is made of, and whom it tells. */

import type { Frame } from "./channel";
import type { IceServer, LocalTracks, Signal } from "./types";

export interface PeerOptions {
  readonly session: string;
  /** The initiator makes the session and the first offer; the other side is the polite one. */
  readonly initiator: boolean;
  /** Prepare only: offer and candidates are made, and said when `say` is called. */
  readonly held: boolean;
  readonly iceServers: readonly IceServer[];
  readonly tracks: LocalTracks;
  /** A connection made in advance, for the side that answers. */
  readonly spare?: RTCPeerConnection | null;
  send(signal: Signal): void;
  onFrame(frame: Frame): void;
  /** The channel is open: time for our `hello`. */
  onChannelOpen(): void;
  onConnection(state: RTCPeerConnectionState): void;
  /** The other side looks for a way anew: no need to do the same. */
  onRestarted(): void;
  /** Whether they learn by the channel when our picture is paused, so that it need not be negotiated. */
  settlesAlone(): boolean;
  /** A negotiation has ended, or a track has come: directions may have changed. */
  onNegotiated(): void;
  /** Something of the browser's failed that should not; for the log, without any content. */
  onTrouble(what: string): void;
}
