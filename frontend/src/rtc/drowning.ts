/** A way that takes much less than is sent, seen within a second or two. Pure. */

import { THIN } from "./judgement";
import { RUNGS } from "./rungs";
import { type Snapshot, strain } from "./stats";

/** So long a stretch is looked at: what a gap of half a second costs is made good in less, ms. */
const STRETCH_MS = 900;

/** What such a stretch of sending and hearing looks like. */
export interface Stretch {
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
/** Looks in which sound was lost, one after the other: a gap of the network loses all of it in one. */
const TORN_LOOKS = 3;

/** The looks of the last stretch, oldest first, with this one. */
export function remember(seen: readonly Snapshot[], now: Snapshot): readonly Snapshot[] {
  const from = seen.findLastIndex(({ at }) => now.at - at >= STRETCH_MS);
  return [...seen.slice(Math.max(0, from)), now];
}

/** Whether the way takes much less than is sent. The browser's estimate, made from their answers, sees it seconds later. */
export function isDrowning(rung: number, seen: readonly Snapshot[]): boolean {
  const [first] = seen;
  const last = seen.at(-1);
  if (RUNGS[rung]?.video !== true || !first || !last || last.at - first.at < STRETCH_MS) return false;
  return isOverfull(strain(first, last)) || isStarved(seen);
}

/** As seen by what we send. */
export function isOverfull({ again, share, concealed, jitter }: Stretch): boolean {
  return (
    again >= MANY_BYTES &&
    DROWNING.some((at) => share > at.share && concealed >= at.concealed && jitter >= at.jitter)
  );
}

/**
 * As seen by what we get: next to nothing, of which most is lost, look after look. Their answers to what we send are lost
 * as well, and without them our browser goes on sending for up to four seconds.
 */
export function isStarved(seen: readonly Snapshot[]): boolean {
  const looks = seen.slice(1).map((after, at) => {
    const before = seen[at] as Snapshot;
    return {
      came: (after.soundIn ?? 0) - (before.soundIn ?? 0),
      lost: (after.soundLost ?? 0) - (before.soundLost ?? 0),
      bytes: (after.bytesIn ?? 0) - (before.bytesIn ?? 0),
      ms: after.at - before.at,
    };
  });
  const total = (what: (look: (typeof looks)[number]) => number) =>
    looks.reduce((sum, look) => sum + what(look), 0);
  const torn = looks.filter(({ came, lost }) => came > 0 && lost > 0).length;
  const bps = (8_000 * total(({ bytes }) => bytes)) / total(({ ms }) => ms);
  return torn >= TORN_LOOKS && total(({ lost }) => lost) > total(({ came }) => came) && bps < THIN;
}
