/** A way that takes much less than is sent, seen within a second. Pure. */

import { type Ladder, RUNGS } from "./adapt";

/** What a second of sending and hearing looks like. */
export interface Second {
  /** Bytes that were sent before, and their share of all that was sent. */
  readonly again: number;
  readonly share: number;
  /** Share of the sound that we had to make up. */
  readonly concealed: number;
  /** By how much their sound comes unevenly, ms: loss leaves it even, a queue does not. */
  readonly jitter: number;
}

/**
 * Above what any loss asks for: the way has become so slow that what is only late is asked for again and again. Where the
 * sound that we hear is torn too, less says so: what strangles one direction of an access link mostly strangles both.
 */
const DROWNING = [
  { share: 0.6, concealed: 0, jitter: 0 },
  { share: 0.25, concealed: 0.3, jitter: 50 },
] as const;
const MANY_BYTES = 4_000;

/** Whether the way takes much less than is sent. The browser's estimate, made from their answers, sees it seconds later. */
export function isDrowning({ rung }: Pick<Ladder, "rung">, second: Second): boolean {
  if (RUNGS[rung]?.video !== true || second.again < MANY_BYTES) return false;
  return DROWNING.some(
    ({ share, concealed, jitter }) =>
      second.share > share && second.concealed >= concealed && second.jitter >= jitter,
  );
}
