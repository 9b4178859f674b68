/**
 * How much room a way has: a small frame and a large one leave at once, and the narrowest place of the way sets them apart
 * by the time that the large one takes (packet-pair dispersion). A picture on trial would cost the sound for seconds.
 */

import type { Frame } from "./channel";

/** A large one is measured more exactly, and holds up the sound for longer: a thin way of 40 kbit/s for 0.13, 0.19 or 0.27 s. */
const PADS = { small: 350, middle: 640, large: 1_020 } as const;
export type ProbeSize = keyof typeof PADS;

/** IP, UDP, DTLS and SCTP around a frame, and its own JSON. */
const AROUND_BYTES = 120;
/** After so long without an answer SCTP sends again, and what waited for the lost frame arrives at once with it, ms. */
const AGAIN_MS = 300;
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
  /** After what is done now: sent at once, two small frames would share a packet. */
  soon?(then: () => void): void;
}

/** As timers do, but at once also in a tab that nobody looks at. */
function afterThis(then: () => void): void {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    port1.close();
    then();
  };
  port2.postMessage(null);
}

export class RoomProbe {
  readonly #options: RoomProbeOptions;
  #id = 0;
  #bits = 0;
  #rtt = 0;
  #bps = 0;
  #askedAt = Number.NEGATIVE_INFINITY;
  /** The first of a pair of theirs, and when it came. */
  #theirs: { readonly id: number; readonly at: number } | null = null;

  constructor(options: RoomProbeOptions) {
    this.#options = options;
  }

  /** Sends a pair, unless nobody would answer; `rtt` is the way's shortest round trip, ms. */
  ask(size: ProbeSize, rtt: number): void {
    const { post, understood, soon = afterThis } = this.#options;
    if (!understood()) return;
    this.#id += 1;
    this.#bps = 0;
    this.#bits = 8 * (PADS[size] + AROUND_BYTES);
    this.#askedAt = performance.now();
    this.#rtt = rtt;
    const id = this.#id;
    post({ t: "probe", id });
    soon(() => post({ t: "probe", id, pad: "x".repeat(PADS[size]) }));
  }

  /** What the last pair found; null when none was sent lately. */
  latest(): Room | null {
    const ageMs = performance.now() - this.#askedAt;
    return ageMs <= FRESH_MS ? { bps: this.#bps, ageMs } : null;
  }

  hear(frame: Frame): void {
    if (frame.t === "probe") this.#answer(frame.id, performance.now());
    else if (frame.t === "probed" && frame.id === this.#id) this.#take(frame.ms);
  }

  /** An answer that took long tells of a queue or of a frame that was lost: the pair does not count. */
  #take(ms: number): void {
    const took = performance.now() - this.#askedAt;
    if (took > this.#rtt + ms + AGAIN_MS) return;
    this.#bps = ms > 0 ? (this.#bits * 1_000) / ms : Number.POSITIVE_INFINITY;
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
