/** The ladder that lowers the picture so that the sound survives. Pure. */

import type { QualityFigures } from "./types";

export interface Rung {
  readonly scale: number;
  /** bit/s of video. */
  readonly maxBitrate: number;
  readonly maxFramerate: number;
  readonly video: boolean;
}

export const RUNGS: readonly Rung[] = [
  { scale: 1, maxBitrate: 2_500_000, maxFramerate: 30, video: true },
  { scale: 1.5, maxBitrate: 900_000, maxFramerate: 30, video: true },
  { scale: 2, maxBitrate: 350_000, maxFramerate: 20, video: true },
  { scale: 4, maxBitrate: 90_000, maxFramerate: 12, video: true },
  // The transceiver becomes receive-only: packets that wait in the queue are dropped at once and the sound is clear
  // in seconds; switching the encoding off would let them drain first.
  { scale: 4, maxBitrate: 90_000, maxFramerate: 12, video: false },
];

export interface Ladder {
  readonly rung: number;
  readonly bad: number;
  readonly good: number;
  /** Good looks needed for the next step up: doubles when a step up did not hold. */
  readonly patience: number;
  /** Looks since the last step up, to know whether it held. */
  readonly sinceUp: number;
}

const FIRST_PATIENCE = 6;
const MOST_PATIENCE = 48;
const HELD = 10;

export const TOP: Ladder = { rung: 0, bad: 0, good: 0, patience: FIRST_PATIENCE, sinceUp: HELD };

export interface Load {
  readonly figures: QualityFigures;
  /** The browser's own estimate of what can be sent, bit/s. */
  readonly availableOut: number | null;
}

/** How one look judges the way out: `awful` steps down at once, `bad` after three in a row. */
export type Judgement = "good" | "bad" | "awful";

export function judge(load: Load, rung: number): Judgement {
  const { loss_out, rtt_ms } = load.figures;
  const available = load.availableOut;
  const sending = RUNGS[rung]?.video === true;
  if (sending && available !== null && available < 80_000) return "awful";
  if ((loss_out ?? 0) > 0.2 || (rtt_ms ?? 0) > 2_000) return sending ? "awful" : "bad";
  if ((loss_out ?? 0) > 0.1 || (rtt_ms ?? 0) > 1_200) return "bad";
  if (sending && available !== null && available < 140_000) return "bad";
  return "good";
}

/** Where the estimate says the picture still fits, beside 60 kbit/s of sound and its headers. */
function fitting(available: number | null): number {
  if (available === null) return 0;
  const last = RUNGS.length - 2;
  const index = RUNGS.findIndex((rung, at) => at < last && available - 60_000 >= rung.maxBitrate * 0.35);
  return index === -1 ? last : index;
}

export function step(ladder: Ladder, load: Load): Ladder {
  const judgement = judge(load, ladder.rung);
  const sinceUp = ladder.sinceUp + 1;
  const last = RUNGS.length - 1;
  if (judgement === "good") {
    const good = ladder.good + 1;
    if (ladder.rung === 0 || good < ladder.patience) return { ...ladder, good, bad: 0, sinceUp };
    return { ...ladder, rung: ladder.rung - 1, good: 0, bad: 0, sinceUp: 0 };
  }
  const bad = ladder.bad + 1;
  if (ladder.rung === last || (judgement === "bad" && bad < 3)) return { ...ladder, bad, good: 0, sinceUp };
  const rung =
    judgement === "awful" ? Math.max(ladder.rung + 1, fitting(load.availableOut)) : ladder.rung + 1;
  const patience = sinceUp <= HELD ? Math.min(MOST_PATIENCE, ladder.patience * 2) : FIRST_PATIENCE;
  return { rung: Math.min(last, rung), bad: 0, good: 0, patience, sinceUp: HELD };
}
