/** When to believe the browser's estimate of the way out. Pure. */

import type { Room } from "./room-probe";

/**
 * What is measured is what the link takes, of which a standing flow may have so much: there are two directions and headers.
 */
export const USABLE = 0.75;
/** Round trip above the shortest, ms: a queue, which says more than what was measured before it stood. */
export const QUEUED = 150;
/** What is sent may exceed an estimate that is only cautious by so much. */
const CAUTIOUS = 2;
/** An answer takes a round trip, and so long at most on a way that is worth a picture, ms. */
const ANSWER_MS = 500;

/** What is known of the way besides the estimate. */
export interface Known {
  readonly room: Room | null;
  /** Round trip now and the shortest, ms. */
  readonly rtt: number | null;
  readonly base: number | null;
  /** What is being sent, bit/s. */
  readonly sent: number | null;
}

/** A pair is under way, and its answer may yet come. */
export function isPending({ room, base }: Pick<Known, "room" | "base">): boolean {
  return room !== null && room.bps === 0 && room.ageMs < ANSWER_MS + (base ?? 0);
}

/** Whether the estimate may be no more than caution. Far below what is sent, it is made of what did not arrive. */
export function isDubious(availableOut: number | null, { rtt, base, sent }: Known): boolean {
  if (availableOut === null || (sent ?? 0) > CAUTIOUS * availableOut) return false;
  return rtt === null || base === null || rtt - base <= QUEUED;
}

/**
 * The estimate of the way out, bit/s, corrected by what was measured; null when nothing is known. Browsers lower it to a
 * little less than what is being sent whenever packets come late, and when little is sent (a small picture, a still one) a
 * moment's stutter of either device makes it as small as that of a link that carries no picture.
 */
export function believed(availableOut: number | null, known: Known): number | null {
  const { room } = known;
  if (availableOut === null || room === null || !isDubious(availableOut, known)) return availableOut;
  return isPending(known) ? null : Math.max(availableOut, USABLE * room.bps);
}
