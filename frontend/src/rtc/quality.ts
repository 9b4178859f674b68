/** How a call is, in one word and one hint. Pure rules as a table; the first row that applies decides. */

import type { Grade, MediaPath, Quality, QualityFigures, QualityHint } from "./types";

/** Above `fair` a figure is no longer good, above `poor` it is poor. Shares 0..1, times ms. */
const LIMITS = {
  loss: { fair: 0.03, poor: 0.1 },
  concealed: { fair: 0.02, poor: 0.08 },
  rtt_ms: { fair: 350, poor: 800 },
  jitter_ms: { fair: 60, poor: 200 },
  freeze_share: { fair: 0.1, poor: 0.4 },
} as const;

const SQUEEZED_BITRATE = 200_000;

const RANK: Record<Grade, number> = { good: 0, fair: 1, poor: 2 };

function gradeOf(value: number | null, limits: { readonly fair: number; readonly poor: number }): Grade {
  if (value === null || value <= limits.fair) return "good";
  return value <= limits.poor ? "fair" : "poor";
}

export function worst(...grades: readonly Grade[]): Grade {
  return grades.reduce((a, b) => (RANK[b] > RANK[a] ? b : a), "good" as Grade);
}

interface Verdicts {
  readonly incoming: Grade;
  readonly outgoing: Grade;
  readonly path: Grade;
  readonly device: Grade;
  readonly silent: boolean;
}

/** What is expected: their side says it sends something. */
export interface Expectation {
  readonly sound: boolean;
  readonly picture: boolean;
  /** Length of the interval, ms. */
  readonly intervalMs: number;
}

/** Browsers call every start and every cap a limitation by bandwidth: it counts when hardly anything gets out. */
function isSqueezed(q: QualityFigures): boolean {
  return q.limitation === "bandwidth" && q.bitrate_out !== null && q.bitrate_out < SQUEEZED_BITRATE;
}

function judge(q: QualityFigures, expected: Expectation): Verdicts {
  const frozen = expected.picture && q.freeze_ms !== null ? q.freeze_ms / expected.intervalMs : null;
  return {
    incoming: worst(
      gradeOf(q.loss_in, LIMITS.loss),
      gradeOf(q.concealed, LIMITS.concealed),
      gradeOf(q.jitter_ms, LIMITS.jitter_ms),
      gradeOf(frozen, LIMITS.freeze_share),
    ),
    outgoing: worst(gradeOf(q.loss_out, LIMITS.loss), isSqueezed(q) ? "fair" : "good"),
    path: gradeOf(q.rtt_ms, LIMITS.rtt_ms),
    device: q.limitation === "cpu" ? "fair" : "good",
    silent: (expected.sound || expected.picture) && q.bitrate_in === 0,
  };
}

const HINTS: readonly (readonly [QualityHint, (v: Verdicts) => boolean])[] = [
  ["nothing_arrives", (v) => v.silent],
  ["both_weak", (v) => v.incoming !== "good" && v.outgoing !== "good"],
  ["they_send_weakly", (v) => v.incoming !== "good"],
  ["you_send_weakly", (v) => v.outgoing !== "good"],
  ["slow_path", (v) => v.path !== "good"],
  ["device_busy", (v) => v.device !== "good"],
];

/** Grades the figures of one interval. */
export function assess(q: QualityFigures, path: MediaPath | null, expected: Expectation): Quality {
  const verdicts = judge(q, expected);
  const grade = verdicts.silent
    ? "poor"
    : worst(verdicts.incoming, verdicts.outgoing, verdicts.path, verdicts.device);
  const hint = HINTS.find(([, applies]) => applies(verdicts))?.[0] ?? null;
  return { grade, hint, path, figures: q };
}

/** Calms the indicator down: it gets worse after two bad intervals in a row, and better after three good ones. */
export interface Calm {
  readonly shown: Quality | null;
  readonly streak: number;
}

export const CALM: Calm = { shown: null, streak: 0 };

export function calm(before: Calm, now: Quality): Calm {
  if (before.shown === null || before.shown.grade === now.grade) return { shown: now, streak: 0 };
  const needed = RANK[now.grade] > RANK[before.shown.grade] ? 2 : 3;
  const streak = before.streak + 1;
  if (streak >= needed) return { shown: now, streak: 0 };
  return { shown: { ...now, grade: before.shown.grade, hint: before.shown.hint }, streak };
}
