/** How long sound waits before it is played, so that what was lost can be sent again in time, or comes late. Pure. */

/** From `loss` on, of which what was sent again is no part, packets wait so long, ms (`RTCRtpReceiver.jitterBufferTarget`); null leaves it to the browser. */
const WAITS: readonly { readonly loss: number; readonly ms: number | null }[] = [
  { loss: 0.1, ms: 300 },
  { loss: 0.04, ms: 150 },
  { loss: 0, ms: null },
];
/** On a link that carries no picture any packet of another kind makes the sound behind it late. */
const STARVED_MS = 300;
/** Looks in a row with less loss before the wait is shortened: a pause in bad weather is not its end. */
const SHORTER_AFTER = 10;

export interface Playout {
  readonly ms: number | null;
  readonly calmLooks: number;
}

export const PROMPT: Playout = { ms: null, calmLooks: 0 };

export interface Arrivals {
  /** Share of their packets that was missed. */
  readonly loss: number | null;
  /** A picture is put away so that the sound survives. */
  readonly starved: boolean;
}

/** One look of two seconds. */
export function wait(before: Playout, { loss: lost, starved }: Arrivals): Playout {
  if (lost === null && !starved) return before;
  const wanted = starved ? STARVED_MS : (WAITS.find(({ loss }) => (lost ?? 0) >= loss)?.ms ?? null);
  if ((wanted ?? 0) >= (before.ms ?? 0)) return { ms: wanted, calmLooks: 0 };
  const calmLooks = before.calmLooks + 1;
  return calmLooks < SHORTER_AFTER ? { ...before, calmLooks } : { ms: wanted, calmLooks: 0 };
}
