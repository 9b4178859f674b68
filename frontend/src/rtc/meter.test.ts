import { expect, test } from "vitest";
import { DEAF, hear, isDead, isSpeech, shownLevel } from "./meter";

const heard = (...levels: number[]) => levels.reduce(hear, DEAF);
const times = (n: number, level: number) => Array.from({ length: n }, () => level);

test.each([
  ["five seconds of nothing", times(50, 0), true],
  ["a little less", times(49, 0), false],
  ["a room that hums", times(100, 0.001), false],
  ["one sound proves it alive", [...times(60, 0), 0.01], false],
])("dead: %s", (_, levels, expected) => expect(isDead(heard(...levels))).toBe(expected));

test.each([
  ["a second of words", times(10, 0.1), true],
  ["with a short pause", [...times(10, 0.1), 0, 0], true],
  ["a cough", times(3, 0.3), false],
  ["long over", [...times(10, 0.1), ...times(30, 0)], false],
])("speech: %s", (_, levels, expected) => expect(isSpeech(heard(...levels))).toBe(expected));

test("the shown level is between 0 and 1", () => {
  expect([shownLevel(0), shownLevel(1)]).toEqual([0, 1]);
  expect(shownLevel(0.03)).toBeCloseTo(0.59, 1);
});
