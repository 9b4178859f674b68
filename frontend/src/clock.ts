/**
 * The server's clock. Devices are wrong by minutes, and how long somebody has waited, or when a room opens, must not
 * depend on that. Every answer of the server tells its time, to the second.
 */

/** Rounding, and the answer's way here: a device that is wrong by less is right. */
const SAME_MS = 5_000;

let offsetMs = 0;

/** Takes the time from an answer's `Date`; what is missing or no date changes nothing. */
export function learnTime(date: string | null): void {
  const offset = Date.parse(date ?? "") - Date.now();
  if (Number.isFinite(offset)) offsetMs = Math.abs(offset) < SAME_MS ? 0 : offset;
}

/** The present moment as the server has it; this device's own until an answer has come. */
export function serverNow(): Date {
  return new Date(Date.now() + offsetMs);
}
