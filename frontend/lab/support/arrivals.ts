/** What a list of arrivals says about an interruption. Pure. */

/** Sound is looked at ten times a second, and where pauses are not sent it comes every 400 ms: longer is an interruption. */
export const SOUND_GAP_MS = 650;
/** Pictures come ten times a second. */
export const PICTURE_GAP_MS = 600;

/** Moments at which a counter had changed since the look before. Any change counts: after a rollback they start anew. */
export function changes<T extends { readonly at: number }>(
  samples: readonly T[],
  count: (sample: T) => number,
): number[] {
  return samples
    .filter((sample, at) => at > 0 && count(sample) !== count(samples[at - 1] as T))
    .map(({ at }) => at);
}

/**
 * How long after `event` the arrivals are steady again, ms: the end of the last gap longer than `gapMs`. 0 when there was
 * none, Infinity when nothing arrives at the end of what was watched.
 */
export function backAfter(arrivals: readonly number[], event: number, until: number, gapMs: number): number {
  let back = 0;
  // Silence already when it began to count: the first arrival is the end of it.
  let last = arrivals.filter((at) => at <= event).at(-1) ?? Number.NEGATIVE_INFINITY;
  for (const at of arrivals.filter((at) => at > event && at <= until)) {
    if (at - last > gapMs) back = at - event;
    last = at;
  }
  return until - last > gapMs ? Number.POSITIVE_INFINITY : Math.max(0, back);
}

/** The longest time without an arrival between two moments, ms. */
export function longestGap(arrivals: readonly number[], from: number, until: number): number {
  const inside = arrivals.filter((at) => at >= from && at <= until);
  const moments = [from, ...inside, until];
  return Math.max(...moments.slice(1).map((at, index) => at - (moments[index] as number)));
}

/** Sound comes in packets of 20 ms. */
const PACKET_MS = 20;

/**
 * The longest silence of a steady flow of sound, ms. The looker may be late itself on a busy machine: a late look that
 * finds every packet of that time was no silence.
 */
export function longestSilence(
  samples: readonly { readonly at: number; readonly packets: number }[],
): number {
  let silent = 0;
  let longest = 0;
  samples.slice(1).forEach((now, index) => {
    const before = samples[index] as (typeof samples)[number];
    const packets = now.packets - before.packets;
    silent += Math.max(0, now.at - before.at - PACKET_MS * Math.max(0, packets));
    longest = Math.max(longest, silent);
    if (packets !== 0) silent = 0;
  });
  return longest;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  if (sorted.length === 0) return Number.NaN;
  if (sorted.length % 2) return sorted[Math.floor(middle)] as number;
  return ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}

/** The value that 95 of 100 do not exceed; with few values the largest. */
export function p95(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(0.95 * sorted.length) - 1)] ?? Number.NaN;
}
