import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { learnTime, serverNow } from "./clock";

const NOW = "2026-01-05T12:00:00.400Z";

beforeEach(() => {
  vi.useFakeTimers({ now: new Date(NOW) });
  learnTime(new Date().toUTCString());
});
afterEach(() => {
  vi.useRealTimers();
});

test.each([
  ["behind", "Mon, 05 Jan 2026 12:10:00 GMT", "2026-01-05T12:10:00.000Z"],
  ["ahead", "Mon, 05 Jan 2026 11:50:00 GMT", "2026-01-05T11:50:00.000Z"],
  ["right, but for the rounding", "Mon, 05 Jan 2026 12:00:00 GMT", NOW],
  ["right, as far as anybody knows", null, NOW],
  ["right when the answer tells nonsense", "yesterday", NOW],
])("a device whose clock is %s", (_, date, expected) => {
  learnTime(date);
  expect(serverNow().toISOString()).toBe(expected);
});

test("a clock that is set right in between is believed again", () => {
  learnTime("Mon, 05 Jan 2026 12:10:00 GMT");
  vi.setSystemTime(new Date("2026-01-05T12:11:00.000Z"));
  learnTime("Mon, 05 Jan 2026 12:11:00 GMT");
  expect(serverNow().toISOString()).toBe("2026-01-05T12:11:00.000Z");
});

test("it goes on by itself", () => {
  learnTime("Mon, 05 Jan 2026 12:10:00 GMT");
  vi.advanceTimersByTime(60_000);
  expect(serverNow().toISOString()).toBe("2026-01-05T12:11:00.000Z");
});
