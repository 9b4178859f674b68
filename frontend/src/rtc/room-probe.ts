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
/** A way is taken to be as it was found for so long, unless a queue says otherwise. */
const FRESH_MS = 10_000;

/** What a pair found. */
export interface Room {
  /** bit/s; 0 while no answer has come. */
  readonly bps: number;
  /** Since the pair was sent, ms. */
  readonly ageMs: number;
}

export interface RoomProbeOptions {
  post(frame: Frame): boolean;
  /** Whether they would answer. */
  understood(): boolean;
}

export class RoomProbe {
  readonly #options: RoomProbeOptions;
  readonly #pad = "x".repeat(PAD_BYTES);
  #id = 0;
  #bps = 0;
  #askedAt = Number.NEGATIVE_INFINITY;
  /** The first of a pair of theirs, and when it came. */
  #theirs: { readonly id: number; readonly at: number } | null = null;

  constructor(options: RoomProbeOptions) {
    this.#options = options;
  }

  /** Sends a pair, unless nobody would answer. */
  ask(): void {
    if (!this.#options.understood()) return;
    this.#id += 1;
    this.#bps = 0;
    this.#askedAt = performance.now();
    const frame: Frame = { t: "probe", id: this.#id, pad: this.#pad };
    this.#options.post(frame);
    this.#options.post(frame);
  }

  /** What the last pair found; null when none was sent lately. */
  latest(): Room | null {
    const ageMs = performance.now() - this.#askedAt;
    return ageMs <= FRESH_MS ? { bps: this.#bps, ageMs } : null;
  }

  hear(frame: Frame): void {
    if (frame.t === "probe") this.#answer(frame.id, performance.now());
    else if (frame.t === "probed" && frame.id === this.#id)
      this.#bps = frame.ms > 0 ? (FRAME_BITS * 1_000) / frame.ms : Number.POSITIVE_INFINITY;
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
