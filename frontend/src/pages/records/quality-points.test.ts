import { describe, expect, test } from "vitest";
import type { QualityPoint } from "../../api/types";
import { ceiling, rangeOf, type Sample, samplesOf, spansOf, strokes } from "./quality-points";

const START = Date.parse("2026-11-27T12:00:00Z");
const at = (seconds: number) => new Date(START + seconds * 1_000).toISOString();
const RANGE = { from: START, to: START + 100_000 };

const point = (seconds: number, quality: Record<string, unknown>, participant_id = "bia"): QualityPoint => ({
  participant_id,
  at: at(seconds),
  path: "direct",
  protocol: "udp",
  quality,
});
const rtts = (...values: [number, unknown][]): Sample[] =>
  samplesOf(
    values.map(([seconds, rtt_ms]) => point(seconds, { rtt_ms })),
    "bia",
  );

test("a person's samples are their own, and what was not told is null", () => {
  const points = [point(0, { rtt_ms: 20, limitation: "cpu" }), point(5, { rtt_ms: 90 }, "ana")];
  expect(samplesOf(points, "bia")).toEqual([
    {
      at: START,
      rtt_ms: 20,
      loss_in: null,
      loss_out: null,
      concealed: null,
      bitrate_in: null,
      bitrate_out: null,
    },
  ]);
});

describe("the time axis", () => {
  test.each([
    ["ends with the call", at(100), [point(40, {})], 100],
    ["ends with the last that is known of a call that goes on", null, [point(40, {})], 40],
    ["has a length even when nothing is known", null, [], 1],
  ])("%s", (_, ended_at, points, seconds) => {
    expect(rangeOf({ started_at: at(0), ended_at }, points)).toEqual({
      from: START,
      to: START + seconds * 1_000,
    });
  });
});

test.each([
  [[null, 0.001], 0.05, 0.05],
  [[0.051], 0.05, 0.1],
  [[201], 200, 500],
  [[500], 200, 500],
  [[1_100_000], 1e6, 2e6],
  [[], 200, 200],
])("a scale for %o, at least %d, reaches %d", (values, least, top) => {
  expect(ceiling(values, least)).toBeCloseTo(top, 10);
});

describe("a line", () => {
  test.each([
    [
      "joins what follows within half a minute",
      rtts([0, 0], [10, 100], [20, 200]),
      "M0.0 100.0h0L100.0 50.0L200.0 0.0",
    ],
    ["breaks where nobody knows", rtts([0, 100], [50, 100]), "M0.0 50.0h0M500.0 50.0h0"],
    [
      "passes over a report that lacks the figure",
      rtts([0, 100], [10, null], [20, 100]),
      "M0.0 50.0h0L200.0 50.0",
    ],
    ["stays inside its drawing", rtts([-5, 900]), "M0.0 0.0h0"],
    ["is nothing without reports", [], ""],
  ])("%s", (_, samples, path) => expect(strokes(samples, "rtt_ms", RANGE, 200)).toBe(path));
});

describe("interruptions", () => {
  const broken = (seconds: number, duration_ms: number | null) => ({
    began_at: at(seconds),
    duration_ms,
    cause: "silence",
    restarts: 0,
  });
  test("lie where they were, and numbers that would cover one another are left out", () => {
    expect(spansOf([broken(10, 20_000), broken(12, 1_000), broken(50, 10_000)], RANGE)).toEqual([
      { left: 0.1, width: 0.2, number: 1, numbered: true },
      { left: 0.12, width: 0.01, number: 2, numbered: false },
      { left: 0.5, width: 0.1, number: 3, numbered: true },
    ]);
  });

  test.each([
    ["without an end reach to the end", broken(90, null), 0.9, 0.1],
    ["of a moment can be seen", broken(50, 1), 0.5, 0.004],
    ["end with the drawing", broken(90, 60_000), 0.9, 0.1],
    ["at the very end can be seen", broken(100, null), 0.996, 0.004],
  ])("%s", (_, one, left, width) => {
    const [span] = spansOf([one], RANGE);
    expect([span?.left, span?.width]).toEqual([expect.closeTo(left, 6), expect.closeTo(width, 6)]);
  });
});
