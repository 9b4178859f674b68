import { describe, expect, test } from "vitest";
import { collapse, drowned, hasCollapsed, type Ladder, soundOf, step, TOP } from "./adapt";
import { type Judgement, judge, type Load } from "./judgement";
import { LAST, LAST_PICTURE, RUNGS } from "./rungs";

interface Seen {
  readonly loss?: number | null;
  readonly rtt?: number | null;
  readonly available?: number | null;
  readonly limitation?: "cpu" | "bandwidth";
  readonly sent?: number;
}

/** A way that is well, but for `seen`. */
function load(seen: Seen = {}): Load {
  const { loss = 0, rtt = 40, available = 2_000_000, limitation = null, sent: bitrate_out = null } = seen;
  return { figures: { rtt_ms: rtt, loss_out: loss, limitation, bitrate_out }, availableOut: available };
}

const good = load();
const lossy = load({ loss: 0.15 });
const thin = load({ available: 94_999 });
const scarce = load({ available: 129_999 });
const times = (n: number, one: Load) => Array.from({ length: n }, () => one);
const walk = (from: Ladder, ...loads: readonly Load[]) => loads.reduce(step, from);
const at = (rung: number): Ladder => ({ ...TOP, rung, base: 40, sinceUp: 99 });

test("the rungs go down in everything", () => {
  const needs = RUNGS.map((rung) => rung.needs);
  expect(needs).toEqual([...needs].sort((a, b) => b - a));
  expect(RUNGS.map(({ video }) => video)).toEqual([true, true, true, true, true, false, false]);
  expect(RUNGS.map(({ rate }) => rate)).toEqual(["full", "full", "full", "full", "lean", "lean", "thin"]);
});

describe("one look", () => {
  test.each<[string, Seen, number, Judgement]>([
    ["well", {}, 0, "good"],
    ["hardly a link", { available: 94_999 }, 0, "awful"],
    [
      "hardly a link, as far as can be told from sending little",
      { available: 94_999, sent: 60_000 },
      0,
      "good",
    ],
    ["hardly a link, and all of it is used", { available: 94_999, sent: 80_000 }, 0, "awful"],
    ["hardly a link, on the least picture", { available: 49_999 }, LAST_PICTURE, "awful"],
    ["just enough for the least picture", { available: 50_000 }, LAST_PICTURE, "good"],
    ["the estimate says nothing without a picture", { available: 20_000 }, LAST_PICTURE + 1, "good"],
    ["a standing queue", { rtt: 40 + 1_001 }, 0, "awful"],
    ["a standing queue without a picture", { rtt: 40 + 1_001 }, LAST, "bad"],
    ["a long queue", { rtt: 40 + 1_000 }, 0, "bad"],
    ["a queue", { rtt: 40 + 401 }, LAST, "bad"],
    ["a short queue", { rtt: 40 + 400 }, 0, "good"],
    ["loss beside a queue", { rtt: 40 + 151, loss: 0.11 }, LAST, "bad"],
    ["scarce", { available: 129_999 }, 0, "scarce"],
    ["scarce, whatever queue stands", { available: 129_999, rtt: 40 + 401 }, 0, "scarce"],
    ["scarce, on the least picture", { available: 129_999 }, LAST_PICTURE, "good"],
    ["no longer scarce", { available: 130_000 }, 0, "good"],
    ["loss", { loss: 0.11 }, 2, "bad"],
    ["a little loss", { loss: 0.1 }, 2, "good"],
    ["loss, where a smaller picture would not help", { loss: 0.5 }, 3, "good"],
    ["a busy device", { limitation: "cpu" }, 1, "bad"],
    ["a busy device with few pixels", { limitation: "cpu" }, 2, "good"],
    ["limited by the link, as browsers call every start", { limitation: "bandwidth" }, 0, "good"],
    [
      "an awful word counts before a bad one",
      { available: 94_999, loss: 0.5, limitation: "cpu" },
      0,
      "awful",
    ],
    ["nothing known", { rtt: null, loss: null, available: null }, 0, "good"],
  ])("%s", (_, seen, rung, expected) => {
    expect(judge(load(seen), { rung, base: 40, sinceUp: 99 })).toBe(expected);
  });

  test("a long way is no queue: what counts is what came on top of the shortest round trip", () => {
    expect(judge(load({ rtt: 900 }), { rung: 0, base: 700, sinceUp: 99 })).toBe("good");
    const ladder = walk(TOP, load({ rtt: 700 }), load({ rtt: null }), load({ rtt: 900 }));
    expect([ladder.base, ladder.bad]).toEqual([716, 0]);
    expect(walk(ladder, load({ rtt: 30 }), load({ rtt: 900 }))).toMatchObject({ base: 32.6, bad: 1 });
  });
});

describe("the ladder", () => {
  test.each<[string, readonly Load[], number]>([
    ["one bad moment is forgiven", [...times(9, good), lossy], 0],
    ["three in a row step down", times(3, lossy), 1],
    ["two and a good one do not", [lossy, lossy, good, lossy, lossy], 0],
    ["a collapse goes to what fits", [load({ available: 50_000 })], 5],
    ["one to next to nothing goes to the end", [load({ available: 30_000 })], LAST],
    ["one of unknown size goes one down", [good, load({ rtt: 2_000, available: null })], 1],
    ["one with a large estimate goes one down", [good, load({ rtt: 2_000 })], 1],
    ["one scarce moment is forgiven", [scarce, good, scarce], 0],
    ["two in a row go to what fits", times(2, scarce), LAST_PICTURE],
    ["loss alone stops where less picture does not help", times(60, load({ loss: 0.3 })), 3],
    ["a busy device stops where fewer pixels do not help", times(60, load({ limitation: "cpu" })), 2],
    ["what cannot be measured is no reason", times(9, load({ rtt: null, loss: null, available: null })), 0],
    ["queues go on to the end, and no further", [good, ...times(60, load({ rtt: 2_000 }))], LAST],
  ])("%s", (_, loads, rung) => expect(walk(TOP, ...loads).rung).toBe(rung));

  test("good times climb, one rung after the other", () => {
    expect(walk(at(2), ...times(5, good)).rung).toBe(2);
    expect(walk(at(2), ...times(6, good)).rung).toBe(1);
    expect(walk(at(2), ...times(12, good)).rung).toBe(0);
    expect(walk(at(2), ...times(60, good)).rung).toBe(0);
  });

  test("a step up that did not hold makes patient", () => {
    const fallen = walk(at(2), ...times(6, good), ...times(3, lossy));
    expect(fallen).toMatchObject({ rung: 2, patience: 12 });
    expect(walk(fallen, ...times(11, good)).rung).toBe(2);
    expect(walk(fallen, ...times(12, good)).rung).toBe(1);
  });

  test("one that held does not", () => {
    const held = walk({ ...at(2), patience: 12 }, ...times(12, good), ...times(8, good));
    expect(walk(held, ...times(3, lossy))).toMatchObject({ rung: 2, patience: 6 });
  });

  test.each([
    ["at the first look", [load({ rtt: 2_000 })], 1],
    ["twice in a row", [load({ rtt: 2_000 }), load({ rtt: 2_000 })], 2],
  ])("falling %s is not a step up that did not hold", (_, loads, rung) => {
    expect(walk({ ...TOP, base: 40 }, ...loads)).toMatchObject({ rung, patience: 6 });
  });

  test("patience has an end", () => {
    const fallen = step({ ...TOP, rung: 1, base: 40, patience: 90, sinceUp: 3 }, thin);
    expect(fallen.patience).toBe(96);
  });

  test("a picture that has just come back is judged by queues and loss, not by the estimate of sound alone", () => {
    const back = walk({ ...at(LAST_PICTURE + 1), good: 5 }, good);
    expect(back.rung).toBe(LAST_PICTURE);
    const estimate = load({ available: 30_000 });
    expect(hasCollapsed(back, 30_000)).toBe(false);
    expect(walk(back, ...times(4, estimate)).rung).toBe(LAST_PICTURE);
    expect(walk(back, ...times(6, estimate)).rung).toBe(LAST);
    expect(walk(back, load({ loss: 0.11 })).rung).toBe(LAST_PICTURE + 1);
    expect(walk(back, load({ rtt: 40 + 154 })).rung).toBe(LAST_PICTURE + 1);
  });
});

test("a small estimate is no collapse while much less is sent", () => {
  expect(hasCollapsed(at(0), 60_000, 40_000)).toBe(false);
  expect(hasCollapsed(at(0), 60_000, 50_000)).toBe(true);
});

describe("a collapse", () => {
  test.each([
    ["under a picture", 0, 94_999, true],
    ["not yet", 0, 95_000, false],
    ["unknown", 0, null, false],
    ["without a picture", LAST_PICTURE + 1, 10_000, false],
  ])("%s", (_, rung, available, expected) => expect(hasCollapsed(at(rung), available)).toBe(expected));

  test.each([
    ["goes to what fits", 0, 50_000, 5],
    ["at least one down", 3, 2_000_000, 4],
    ["one down when nothing is known", 0, null, 1],
    ["to the last at most", LAST, 0, LAST],
  ])("%s", (_, rung, available, expected) => {
    expect(collapse({ ...at(rung), good: 4, bad: 2 }, available)).toMatchObject({
      rung: expected,
      good: 0,
      bad: 0,
    });
  });
});

describe("sound is sent twice", () => {
  const little = load({ loss: 0.04 });
  const clean = load({ loss: 0.009 });
  const twice: Ladder = { ...TOP, base: 40, redundant: true };

  test.each<[string, Ladder, readonly Load[], boolean]>([
    ["after two looks of loss", TOP, [little, little], true],
    ["not after one", TOP, [little], false],
    ["not when one without loss came between", TOP, [little, good, little], false],
    ["a look that does not tell keeps the count", TOP, [little, load({ loss: null }), little], true],
    ["not for a little loss", TOP, times(9, load({ loss: 0.03 })), false],
    ["not on a thin link", TOP, times(2, load({ loss: 0.04, available: 94_999 })), false],
    ["but when loss made it look thin", TOP, times(2, load({ loss: 0.11, available: 94_999 })), true],
    ["also when the room is unknown", TOP, times(2, load({ loss: 0.04, available: null })), true],
    ["not into a queue", TOP, [good, ...times(9, load({ loss: 0.04, rtt: 341, available: 120_000 }))], false],
    ["until fifteen looks without loss", twice, times(15, clean), false],
    ["not until fourteen", twice, times(14, clean), true],
    ["nor when loss came between", twice, [...times(14, clean), load({ loss: 0.01 }), clean], true],
    ["until there are queues", twice, [load({ loss: 0.2, rtt: 341, available: 120_000 })], false],
    ["until the link is thin", twice, [load({ loss: null, available: 94_999 })], false],
    ["as long as the figures are silent", twice, times(60, load({ loss: null, rtt: null })), true],
  ])("%s", (_, from, loads, expected) => expect(walk(from, ...loads).redundant).toBe(expected));

  test("the way sound is sent belongs to the rung, and to the loss", () => {
    expect(soundOf(at(0))).toEqual({ rate: "full", redundant: false, repeats: true });
    expect(soundOf({ ...at(LAST_PICTURE), redundant: true })).toEqual({
      rate: "lean",
      redundant: true,
      repeats: true,
    });
    expect(soundOf(at(LAST)).rate).toBe("thin");
    expect(soundOf(at(99)).rate).toBe("full");
  });

  test("the thinnest is asked for again only when it is lost, and not twice sent", () => {
    const fallen = { ...drowned(at(0)), redundant: true };
    const repeats = (...loads: Load[]) =>
      soundOf(walk(fallen, ...loads.map((one) => ({ ...one, room: 0 })))).repeats;
    const full = load({ rtt: 600, loss: 0.2 });
    const lost = load({ loss: 0.031 });
    expect(soundOf(fallen)).toEqual({ rate: "thin", redundant: false, repeats: false });
    expect(repeats(...times(9, good)), "nothing is lost").toBe(false);
    expect(repeats(good, good, lost), "lost while the queue was full").toBe(false);
    expect(repeats(good, good, full, good, good, lost), "a queue again").toBe(false);
    expect(repeats(good, good, good, load({ loss: 0.03 })), "hardly anything is lost").toBe(false);
    expect(repeats(good, good, good, lost)).toBe(true);
    expect(repeats(good, good, good, lost, good), "kept: each change costs a moment").toBe(true);
    expect(soundOf({ ...fallen, rung: LAST_PICTURE }).repeats, "a picture's rung").toBe(true);
    expect(walk(fallen, ...times(9, { ...load({ loss: 0.2 }), room: 0 })).redundant).toBe(false);
  });
});
