/**
 * How much room a way has: two large frames leave at once, and the narrowest place of the way sets them apart (packet-pair
 * dispersion). It costs 1.5 kB and, on a link of 50 kbit/s, a quarter of a second of queue; a picture on trial would cost
 * the sound for seconds.
 */

import type { Frame } from "./channel";

/** Two must not fit into one packet, or they would arrive together over any way. */
const PAD_BYTES = 640;
/** IP, UDP, DTLS and SCTP around a frame, and its own JSON. */
const AROUND_BYTES = 120;
const FRAME_BITS = 8 * (PAD_BYTES + AROUND_BYTES);

export interface RoomProbeOptions {
  post(frame: Frame): boolean;
  /** Whether they would answer. */
  understood(): boolean;
}

export class RoomProbe {
  readonly #options: RoomProbeOptions;
  readonly #pad = "x".repeat(PAD_BYTES);
  #id = 0;
  #found: number | null = null;
  /** The first of a pair of theirs, and when it came. */
  #theirs: { readonly id: number; readonly at: number } | null = null;

  constructor(options: RoomProbeOptions) {
    this.#options = options;
  }

  /** Sends a pair, unless nobody would answer. */
  ask(): void {
    if (!this.#options.understood()) return;
    this.#id += 1;
    this.#found = 0;
    const frame: Frame = { t: "probe", id: this.#id, pad: this.#pad };
    this.#options.post(frame);
    this.#options.post(frame);
  }

  /** What the last pair found, bit/s, once: 0 when no answer has come, null when none was sent. */
  take(): number | null {
    const found = this.#found;
    this.#found = null;
    return found;
  }

  hear(frame: Frame): void {
    if (frame.t === "probe") this.#answer(frame.id, performance.now());
    else if (frame.t === "probed" && frame.id === this.#id && this.#found !== null)
      this.#found = frame.ms > 0 ? (FRAME_BITS * 1_000) / frame.ms : Number.POSITIVE_INFINITY;
  }

  #answer(id: number, now: number): void {
    const first = this.#theirs;
    if (first?.id !== id) {
      this.#theirs = { id, at: now };
      return;
    }
    this.#theirs = null;
    this.#options.post({ t: "probed", id, ms: now - first.at });
  }
}
