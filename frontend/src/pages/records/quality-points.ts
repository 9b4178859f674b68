/** From a call's reports to shapes: where each figure stands in a drawing 1000 wide and 100 high. Pure. */
import type { CallDetail, CallParticipant, QualityPoint } from "../../api/types";

export const FIGURES = ["rtt_ms", "loss_in", "loss_out", "concealed", "bitrate_in", "bitrate_out"] as const;
export type Figure = (typeof FIGURES)[number];

export const WIDTH = 1000;
export const HEIGHT = 100;
/** Reports come every ten seconds: after so long without one, nobody knows what was between them. */
const GAP_MS = 35_000;
/** Share of the width that a number above a span needs. */
const ROOM_FOR_A_NUMBER = 0.05;
/** What lasted less would not be seen. */
const THINNEST = 0.004;

export type Sample = { readonly at: number } & Readonly<Record<Figure, number | null>>;

export interface Range {
  readonly from: number;
  readonly to: number;
}

export interface Span {
  /** Shares of the width. */
  readonly left: number;
  readonly width: number;
  /** As in the list beside the drawing. */
  readonly number: number;
  /** There is room for the number. */
  readonly numbered: boolean;
}

const time = (at: string) => new Date(at).getTime();

/** One person's reports in order; what a report does not tell is null. */
export function samplesOf(points: readonly QualityPoint[], participantId: string): Sample[] {
  const told = (value: unknown) => (typeof value === "number" && Number.isFinite(value) ? value : null);
  return points
    .filter((point) => point.participant_id === participantId)
    .map(({ at, quality }) => ({
      at: time(at),
      rtt_ms: told(quality.rtt_ms),
      loss_in: told(quality.loss_in),
      loss_out: told(quality.loss_out),
      concealed: told(quality.concealed),
      bitrate_in: told(quality.bitrate_in),
      bitrate_out: told(quality.bitrate_out),
    }));
}

/** From the call's start to its end, or to the last that is known of it. */
export function rangeOf(
  call: Pick<CallDetail, "started_at" | "ended_at">,
  points: readonly QualityPoint[],
): Range {
  const from = time(call.started_at);
  const known = [...points.map(({ at }) => time(at)), ...(call.ended_at ? [time(call.ended_at)] : [])];
  return { from, to: Math.max(from + 1_000, ...known) };
}

/** A round number (1, 2 or 5 times a power of ten) that no value exceeds, and not less than `least`. */
export function ceiling(values: readonly (number | null)[], least: number): number {
  const most = Math.max(least, ...values.filter((value) => value !== null));
  const power = 10 ** Math.floor(Math.log10(most));
  const step = [1, 2, 5, 10].find((one) => one * power >= most * (1 - 1e-9)) ?? 10;
  return step * power;
}

/** A figure over time as an SVG path: one stroke for each stretch without a gap, a lonely report as a dot. */
export function strokes(samples: readonly Sample[], figure: Figure, range: Range, top: number): string {
  let path = "";
  let last = Number.NEGATIVE_INFINITY;
  for (const { at, [figure]: value } of samples) {
    if (value === null) continue;
    const x = (Math.min(1, Math.max(0, (at - range.from) / (range.to - range.from))) * WIDTH).toFixed(1);
    const y = ((1 - Math.min(1, value / top)) * HEIGHT).toFixed(1);
    // A line of no length gets round ends: a dot where nothing is to be joined.
    path += at - last > GAP_MS ? `M${x} ${y}h0` : `L${x} ${y}`;
    last = at;
  }
  return path;
}

/** Where the interruptions lie; one without an end lasts as long as the drawing. */
export function spansOf(interruptions: CallParticipant["interruptions"], range: Range): Span[] {
  const whole = range.to - range.from;
  let free = Number.NEGATIVE_INFINITY;
  return interruptions.map(({ began_at, duration_ms }, index) => {
    const began = time(began_at) - range.from;
    const ended = duration_ms === null ? whole : began + duration_ms;
    const left = Math.min(1 - THINNEST, Math.max(0, began / whole));
    const width = Math.min(1 - left, Math.max(THINNEST, (Math.min(whole, ended) - began) / whole));
    const numbered = left >= free;
    if (numbered) free = left + ROOM_FOR_A_NUMBER;
    return { left, width, number: index + 1, numbered };
  });
}
