import { describe, expect, test } from "vitest";
import { judge, type Ladder, type Load, RUNGS, step, TOP } from "./adapt";
import type { QualityFigures } from "./types";

function load(change: { loss?: number; rtt?: number; available?: number | null } = {}): Load {
  const figures = { rtt_ms: change.rtt ?? 40, loss_out: change.loss ?? 0 } as QualityFigures;
  return { figures, availableOut: change.available === undefined ? 2_000_000 : change.available };
}

const good = load();
const bad = load({ loss: 0.15 });
const awful = load({ available: 50_000 });
const times = (n: number, one: Load) => Array.from({ length: n }, () => one);
const ladderAfter = (from: Ladder, loads: readonly Load[]) => loads.reduce(step, from);
const AUDIO_ONLY = RUNGS.length - 1;

describe("one look", () => {
  test.each([
    ["well", good, 0, "good"],
    ["estimate unknown", load({ available: null }), 0, "good"],
    ["loss", bad, 0, "bad"],
    ["much loss", load({ loss: 0.3 }), 0, "awful"],
    ["much loss without a picture", load({ loss: 0.3 }), AUDIO_ONLY, "bad"],
    ["queues", load({ rtt: 1_500 }), 0, "bad"],
    ["long queues", load({ rtt: 3_000 }), 0, "awful"],
    ["a thin link", load({ available: 120_000 }), 0, "bad"],
    ["hardly a link", awful, 0, "awful"],
    ["the estimate says nothing without a picture", awful, AUDIO_ONLY, "good"],
    [
      "figures unknown",
      { figures: { rtt_ms: null, loss_out: null } as QualityFigures, availableOut: null },
      0,
      "good",
    ],
  ])("%s", (_, seen, rung, expected) => expect(judge(seen, rung)).toBe(expected));
});

describe("the ladder", () => {
  test.each([
    ["one bad moment is forgiven", [...times(9, good), bad], 0],
    ["three in a row step down", times(3, bad), 1],
    ["two and a good one do not", [bad, bad, good, bad, bad], 0],
    ["a collapse goes down to what fits", [awful], 3],
    ["and then the picture goes", [awful, awful], AUDIO_ONLY],
    ["a collapse of unknown size goes one down", [load({ loss: 0.3, available: null })], 1],
    ["much loss with a large estimate goes one down", [load({ loss: 0.3 })], 1],
    ["it has an end", [...times(9, awful), ...times(9, load({ loss: 0.3 }))], AUDIO_ONLY],
  ])("%s", (_, loads, rung) => expect(ladderAfter(TOP, loads).rung).toBe(rung));

  test("good times climb, one rung after the other", () => {
    const low = ladderAfter(TOP, [awful]);
    expect(ladderAfter(low, times(5, good)).rung).toBe(3);
    expect(ladderAfter(low, times(6, good)).rung).toBe(2);
    expect(ladderAfter(low, times(18, good)).rung).toBe(0);
  });

  test("a step up that did not hold makes patient", () => {
    const climbed = ladderAfter(ladderAfter(TOP, [awful]), times(6, good));
    const fallen = ladderAfter(climbed, times(3, bad));
    expect(fallen).toMatchObject({ rung: 3, patience: 12 });
    expect(ladderAfter(fallen, times(11, good)).rung).toBe(3);
    expect(ladderAfter(fallen, times(12, good)).rung).toBe(2);
  });

  test("one that held does not", () => {
    const climbed = ladderAfter(ladderAfter(TOP, [awful]), times(6, good));
    const held = ladderAfter(climbed, times(5, good));
    expect(ladderAfter({ ...held, sinceUp: 20 }, times(3, bad)).patience).toBe(6);
  });
});
