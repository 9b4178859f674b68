/** The table of what is sent: one rung after the other lowers the picture, then the sound. Pure. */

import type { ProbeSize } from "./room-probe";
import type { SoundRate } from "./sound";

export interface Rung {
  readonly scale: number;
  /** bit/s of video. */
  readonly maxBitrate: number;
  readonly maxFramerate: number;
  readonly video: boolean;
  readonly rate: SoundRate;
  /** The least estimate of the way out that this rung is worth trying with, bit/s, sound and headers included. */
  readonly needs: number;
}

const OFF = { scale: 4, maxBitrate: 60_000, maxFramerate: 8, video: false } as const;

export const RUNGS: readonly Rung[] = [
  { scale: 1, maxBitrate: 2_500_000, maxFramerate: 30, video: true, rate: "full", needs: 900_000 },
  { scale: 1.5, maxBitrate: 900_000, maxFramerate: 30, video: true, rate: "full", needs: 400_000 },
  { scale: 2, maxBitrate: 350_000, maxFramerate: 20, video: true, rate: "full", needs: 220_000 },
  { scale: 3, maxBitrate: 150_000, maxFramerate: 15, video: true, rate: "full", needs: 150_000 },
  { scale: 4, maxBitrate: 60_000, maxFramerate: 8, video: true, rate: "lean", needs: 70_000 },
  // The transceiver becomes receive-only: packets that wait in the queue are dropped at once and the sound is clear
  // in seconds; switching the encoding off would let them drain first.
  { ...OFF, rate: "lean", needs: 45_000 },
  { ...OFF, rate: "thin", needs: 0 },
];

export const LAST = RUNGS.length - 1;
export const LAST_PICTURE = RUNGS.findLastIndex(({ video }) => video);

/** Where a way with so much room belongs, bit/s; null when it is not known. */
export function fitting(available: number | null): number {
  if (available === null) return 0;
  return RUNGS.findIndex(({ needs }) => available >= needs);
}

/** What a way may be burdened with to measure it. */
export function probeSize(rung: number): ProbeSize {
  const { video, rate } = RUNGS[rung] ?? (RUNGS[LAST] as Rung);
  return video ? "large" : rate === "thin" ? "small" : "middle";
}
