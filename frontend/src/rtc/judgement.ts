/** How one look judges the way out: rules in their order. Pure. */

import { QUEUED } from "./estimate";
import { LAST_PICTURE, RUNGS } from "./rungs";
import type { QualityFigures } from "./types";

export interface Load {
  readonly figures: Pick<QualityFigures, "loss_out" | "rtt_ms" | "limitation" | "bitrate_out">;
  /** The estimate of what can be sent, bit/s, as far as it is to be believed. */
  readonly availableOut: number | null;
  /** Share of our sound that did not arrive at once, whether or not it came when it was asked for again. */
  readonly missed?: number | null;
  /** The room that was measured because it was wanted, bit/s: 0 when no answer came, null when it cannot be. */
  readonly room?: number | null;
}

/** Where the ladder stands, as far as a look is judged by it. */
export interface Standing {
  readonly rung: number;
  /** The shortest round trip seen, ms: what is above it is queues. */
  readonly base: number | null;
  /** Looks since the last step up. */
  readonly sinceUp: number;
}

/** Loss alone is no reason to go below: a smaller picture is not lost less often. */
const LOSS_FLOOR = 3;
/** A busy device is helped by fewer pixels, not by a thinner stream. */
const CPU_FLOOR = 2;

/** Looks after a picture has come back in which only queues and loss can put it away again: the browser's estimate is
 * still the one of sound alone, and grows with the picture. */
const TRIAL = 5;
/** `awful` steps down at once, `scarce` after two in a row, `bad` after three. */
export type Judgement = "good" | "bad" | "scarce" | "awful";

/** Less than this, and a picture above the last rung takes the room of the sound; or even the last one. */
export const THIN = 95_000;
const THINNEST = 50_000;
export const SCARCE = 130_000;
export const LOSSY = 0.1;
/** Round trip above the shortest, ms. Loss beside a queue is the queue's. */
export const QUEUE = { some: QUEUED, bad: 400, awful: 1_000 } as const;

/** The rules in their order; the first that applies decides. */
const RULES: readonly (readonly [Judgement, (at: Facts) => boolean])[] = [
  ["awful", ({ sending, trial, rung, available }) => sending && !trial && available < thinFor(rung)],
  ["awful", ({ sending, queue }) => sending && queue > QUEUE.awful],
  ["awful", ({ trial, queue, loss }) => trial && (queue > QUEUE.some || loss > LOSSY)],
  ["scarce", ({ rung, available }) => rung < LAST_PICTURE && available < SCARCE],
  ["bad", ({ queue }) => queue > QUEUE.bad],
  ["bad", ({ queue, loss }) => queue > QUEUE.some && loss > LOSSY],
  ["bad", ({ rung, loss }) => rung < LOSS_FLOOR && loss > LOSSY],
  ["bad", ({ rung, cpu }) => rung < CPU_FLOOR && cpu],
];

interface Facts {
  readonly rung: number;
  readonly sending: boolean;
  readonly trial: boolean;
  readonly available: number;
  readonly queue: number;
  readonly loss: number;
  readonly cpu: boolean;
}

/** An estimate bounds nothing while much less is sent: browsers begin with a small one after each change of the way. */
const BOUND = 0.7;

export function bound(availableOut: number | null, bitrateOut: number | null): number {
  if (availableOut === null || (bitrateOut ?? availableOut) < BOUND * availableOut)
    return Number.POSITIVE_INFINITY;
  return availableOut;
}

export function thinFor(rung: number): number {
  return rung < LAST_PICTURE ? THIN : THINNEST;
}

export function isTrial({ rung, sinceUp }: Pick<Standing, "rung" | "sinceUp">): boolean {
  return rung === LAST_PICTURE && sinceUp < TRIAL;
}

/** How much longer the round trip is than the shortest, ms. */
export function queueOf(rtt: number | null, base: number | null): number {
  return (rtt ?? 0) - (base ?? 0);
}

export function judge({ figures, availableOut }: Load, ladder: Standing): Judgement {
  const facts: Facts = {
    rung: ladder.rung,
    sending: RUNGS[ladder.rung]?.video === true,
    trial: isTrial(ladder),
    available: bound(availableOut, figures.bitrate_out),
    queue: queueOf(figures.rtt_ms, ladder.base),
    loss: figures.loss_out ?? 0,
    cpu: figures.limitation === "cpu",
  };
  return RULES.find(([, applies]) => applies(facts))?.[0] ?? "good";
}
