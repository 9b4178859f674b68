import { describe, expect, test } from "vitest";
import { NO_FLOW, observe, silence } from "./flow";

type Look = number | null | readonly [packets: number, checks: number];

/** Looks `periodMs` apart: received packets, and checks where they matter. */
function silenceAfter(looks: readonly Look[], periodMs = 400): number | null {
  let flow = NO_FLOW;
  looks.forEach((look, at) => {
    const [packets, checks] = typeof look === "object" && look !== null ? look : [look, 0];
    flow = observe(flow, packets, checks, at * periodMs);
  });
  return silence(flow, (looks.length - 1) * periodMs);
}

test.each<[string, readonly Look[], number | null]>([
  ["nothing known", [null], null],
  ["too early to call it steady", [0, 10, 20, 20], null],
  ["steady and flowing", [0, 10, 20, 30, 40, 50], 0],
  ["steady, then silent for three looks", [0, 10, 20, 30, 40, 40, 40, 40], 1_200],
  ["a counter that starts from 0 again is progress", [0, 10, 20, 30, 40, 5], 0],
  ["a vanished counter starts over", [0, 10, 20, 30, 40, null, 40], null],
  ["a check just after the last packet was under way", [0, 10, 20, 30, 40, [40, 1], [40, 1], [40, 1]], 1_200],
  ["a check later proves the way", [0, 10, 20, 30, 40, [40, 0], [40, 0], [40, 1]], null],
])("%s", (_, looks, expected) => expect(silenceAfter(looks)).toBe(expected));

describe("pauses that are not sent", () => {
  /** Looks every 100 ms, for 10 s, at packets that come every `everyMs`; then `silentLooks` without any. */
  const rhythm = (everyMs: number, silentLooks: number): Look[] => {
    const packets = Array.from({ length: 100 }, (_, at) => Math.floor((at * 100) / everyMs));
    return [...packets, ...Array.from({ length: silentLooks }, () => packets.at(-1) ?? 0)];
  };

  test.each([
    ["sound without voice comes every 400 ms, and its end is noticed", 400, 1_500],
    ["700 ms still are a rhythm", 700, 1_300],
    ["what comes once a second is none, so its silence says nothing", 1_000, null],
    ["nor is what comes every two seconds", 2_000, null],
  ])("%s", (_, everyMs, expected) => expect(silenceAfter(rhythm(everyMs, 12), 100)).toBe(expected));
});
