import { describe, expect, test } from "vitest";
import { believed, isDubious, isPending } from "./estimate";

const room = (bps: number, ageMs = 1_000) => ({ bps, ageMs });

describe("the browser's estimate", () => {
  test.each([
    ["stands where nothing was measured", 50_000, null, 40, 50_000],
    ["is corrected by what was measured", 50_000, room(200_000), 40, 150_000],
    ["stands where it is the larger one", 500_000, room(200_000), 40, 500_000],
    ["stands where the measured room is as small", 50_000, room(60_000), 40, 50_000],
    ["stands while a queue stands", 50_000, room(200_000), 191, 50_000],
    ["is corrected beside a little queue", 50_000, room(200_000), 190, 150_000],
    ["stands where no answer came", 50_000, room(0), 40, 50_000],
    ["waits for an answer", 50_000, room(0, 539), 40, null],
    ["waits no longer than one takes", 50_000, room(0, 540), 40, 50_000],
    ["is unknown where the browser tells none", null, room(200_000), 40, null],
  ])("%s", (_, available, measured, rtt, expected) => {
    expect(believed(available, { room: measured, rtt, base: 40, sent: 60_000 })).toBe(expected);
  });

  test("needs round trips to know of a queue", () => {
    expect(believed(50_000, { room: room(200_000), rtt: null, base: 40, sent: null })).toBe(150_000);
    expect(believed(50_000, { room: room(200_000), rtt: 900, base: null, sent: null })).toBe(150_000);
  });
});

test("an estimate far below what is sent needs no measurement", () => {
  const known = { room: room(200_000), rtt: 40, base: 40 };
  expect(isDubious(50_000, { ...known, sent: 100_000 })).toBe(true);
  expect(isDubious(50_000, { ...known, sent: 100_001 })).toBe(false);
  expect(believed(50_000, { ...known, sent: 100_001 })).toBe(50_000);
});

test("an answer is awaited for a round trip more over a long way", () => {
  expect(isPending({ room: room(0, 799), base: 300 })).toBe(true);
  expect(isPending({ room: room(0, 800), base: 300 })).toBe(false);
  expect(isPending({ room: room(0, 499), base: null })).toBe(true);
  expect(isPending({ room: room(90_000, 10), base: null })).toBe(false);
  expect(isPending({ room: null, base: null })).toBe(false);
});
