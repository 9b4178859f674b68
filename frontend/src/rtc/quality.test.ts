import { describe, expect, test } from "vitest";
import { assess, CALM, calm, worst } from "./quality";
import type { Grade, Quality, QualityFigures } from "./types";

const FINE: QualityFigures = {
  rtt_ms: 40,
  jitter_ms: 5,
  loss_in: 0,
  loss_out: 0,
  concealed: 0,
  freezes: 0,
  freeze_ms: 0,
  fps: 30,
  width: 1280,
  height: 720,
  bitrate_in: 1_500_000,
  bitrate_out: 1_500_000,
  limitation: "none",
  restarts: 0,
};
const UNKNOWN: QualityFigures = {
  rtt_ms: null,
  jitter_ms: null,
  loss_in: null,
  loss_out: null,
  concealed: null,
  freezes: null,
  freeze_ms: null,
  fps: null,
  width: null,
  height: null,
  bitrate_in: null,
  bitrate_out: null,
  limitation: null,
  restarts: null,
};
const BOTH = { sound: true, picture: true, intervalMs: 2_000 };

describe("grade and hint", () => {
  test.each<[string, Partial<QualityFigures>, Grade, Quality["hint"]]>([
    ["all well", {}, "good", null],
    ["a little loss is well", { loss_in: 0.03, loss_out: 0.03 }, "good", null],
    ["some loss on the way in", { loss_in: 0.05 }, "fair", "they_send_weakly"],
    ["much loss on the way in", { loss_in: 0.2 }, "poor", "they_send_weakly"],
    ["some loss on the way out", { loss_out: 0.05 }, "fair", "you_send_weakly"],
    ["much loss on the way out", { loss_out: 0.2 }, "poor", "you_send_weakly"],
    ["loss both ways", { loss_in: 0.05, loss_out: 0.2 }, "poor", "both_weak"],
    ["made-up sound", { concealed: 0.05 }, "fair", "they_send_weakly"],
    ["mostly made-up sound", { concealed: 0.3 }, "poor", "they_send_weakly"],
    ["uneven arrival", { jitter_ms: 100 }, "fair", "they_send_weakly"],
    ["a frozen picture", { freeze_ms: 1_500 }, "poor", "they_send_weakly"],
    ["a long way", { rtt_ms: 500 }, "fair", "slow_path"],
    ["a very long way", { rtt_ms: 1_000 }, "poor", "slow_path"],
    ["hardly anything gets out", { limitation: "bandwidth", bitrate_out: 90_000 }, "fair", "you_send_weakly"],
    ["capped, but plenty gets out", { limitation: "bandwidth" }, "good", null],
    ["capped, rate unknown", { limitation: "bandwidth", bitrate_out: null }, "good", null],
    ["a busy device", { limitation: "cpu" }, "fair", "device_busy"],
    ["nothing arrives", { bitrate_in: 0 }, "poor", "nothing_arrives"],
  ])("%s", (_, change, grade, hint) => {
    expect(assess({ ...FINE, ...change }, null, BOTH)).toMatchObject({ grade, hint });
  });

  test("nothing known is no bad news", () => {
    expect(assess(UNKNOWN, null, BOTH)).toMatchObject({ grade: "good", hint: null });
  });

  test("nothing arrives from who sends nothing", () => {
    const q = { ...FINE, bitrate_in: 0, freeze_ms: 2_000 };
    expect(assess(q, null, { sound: false, picture: false, intervalMs: 2_000 }).grade).toBe("good");
    expect(assess(q, null, { sound: false, picture: true, intervalMs: 2_000 }).hint).toBe("nothing_arrives");
  });
});

test.each<[readonly Grade[], Grade]>([
  [[], "good"],
  [["fair", "good"], "fair"],
  [["good", "poor", "fair"], "poor"],
])("the worst of %j", (grades, expected) => expect(worst(...grades)).toBe(expected));

describe("the shown grade is calm", () => {
  const of = (grade: Grade): Quality => ({ grade, hint: null, path: null, figures: FINE });
  const shown = (...grades: Grade[]) => grades.map(of).reduce(calm, CALM).shown?.grade;

  test.each<[string, Grade[], Grade]>([
    ["the first is shown at once", ["poor"], "poor"],
    ["one bad moment is forgiven", ["good", "poor"], "good"],
    ["two in a row are not", ["good", "poor", "poor"], "poor"],
    ["and getting better takes three", ["poor", "good", "good"], "poor"],
    ["three", ["poor", "good", "good", "good"], "good"],
    ["a moment between starts over", ["good", "poor", "good", "poor"], "good"],
  ])("%s", (_, grades, expected) => expect(shown(...grades)).toBe(expected));
});
