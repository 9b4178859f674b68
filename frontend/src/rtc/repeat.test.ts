import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Repeat } from "./repeat";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test("does it again five times and no more", () => {
  let times = 0;
  const repeat = new Repeat(() => {
    times += 1;
    repeat.arm();
  });
  repeat.arm();
  vi.advanceTimersByTime(120_000);
  expect(times).toBe(5);
});

test("stopping forgets the count", () => {
  let times = 0;
  const repeat = new Repeat(() => {
    times += 1;
  });
  repeat.arm();
  vi.advanceTimersByTime(3_999);
  repeat.arm();
  vi.advanceTimersByTime(3_999);
  repeat.stop();
  vi.advanceTimersByTime(60_000);
  expect(times).toBe(0);
});
