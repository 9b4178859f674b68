/** How long sound waits before it is played, so that what was lost can be sent again in time. Pure. */

/** From `loss` on, of which what was sent again is no part, packets wait so long, ms (`RTCRtpReceiver.jitterBufferTarget`); null leaves it to the browser. */
const WAITS: readonly { readonly loss: number; readonly ms: number | null }[] = [
  { loss: 0.1, ms: 300 },
  { loss: 0.04, ms: 150 },
  { loss: 0, ms: null },
];
/** Looks in a row with less loss before the wait is shortened: a pause in bad weather is not its end. */
const SHORTER_AFTER = 10;

export interface Playout {
  readonly ms: number | null;
  readonly calmLooks: number;
}

export const PROMPT: Playout = { ms: null, calmLooks: 0 };

/** One look of two seconds. */
export function wait(before: Playout, lossIn: number | null): Playout {
  if (lossIn === null) return before;
  const wanted = WAITS.find(({ loss }) => lossIn >= loss)?.ms ?? null;
  if ((wanted ?? 0) >= (before.ms ?? 0)) return { ms: wanted, calmLooks: 0 };
  const calmLooks = before.calmLooks + 1;
  return calmLooks < SHORTER_AFTER ? { ...before, calmLooks } : { ms: wanted, calmLooks: 0 };
}
