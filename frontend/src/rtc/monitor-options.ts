/** What a monitor asks its surroundings for, and tells them. */

import type { RoomProbe } from "./room-probe";
import type { Shape } from "./shape";
import type { Media, Quality } from "./types";

export interface Attempt {
  /** The first since the connection was well: in a hurry. */
  readonly first: boolean;
  /** The relay that we used last, as it was configured; null for none. */
  readonly relay: string | null;
  wanted(): boolean;
}

export interface MonitorOptions {
  readonly connection: RTCPeerConnection;
  /** Whether the other side restarts first when both notice the same. */
  readonly defers: boolean;
  /** What the other side says it sends. */
  media(): Media;
  /** Whether either picture is put away so that the sound survives. */
  isStarved(): boolean;
  /** Finds out whether the way to the server works; a dead line is made anew, sooner when it is probably dead. */
  ask(hastily: boolean): void;
  /** Restarts ICE if it is still wanted then; false when signaling is away, or when nothing was done. */
  restart(attempt: Attempt): Promise<boolean>;
  newId(): string;
  /** Many restarts were in vain. True when a new connection takes this one's place; else it goes on trying. */
  onHopeless(): boolean;
  onSpeaking(speaking: boolean): void;
  onSilence(silent: boolean): void;
  /** Media is back after an interruption. */
  onBack(): void;
  onQuality(quality: Quality): void;
  onShape(shape: Shape): void;
  /** How long received sound is to wait before it is played, ms; null is the browser's choice. */
  onPlayout(ms: number | null): void;
  /** Measures the room of the way out. */
  readonly room: Pick<RoomProbe, "ask" | "latest">;
  /** The first estimate that has room for the whole picture. Said once. */
  onRoomy(): void;
}
