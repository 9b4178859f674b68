import { expect, test } from "vitest";
import { NO_FLOW, observe, silence } from "./flow";

function silenceAfter(counters: readonly (number | null)[]): number | null {
  let flow = NO_FLOW;
  counters.forEach((packets, at) => {
    flow = observe(flow, packets, at * 400);
  });
  return silence(flow, (counters.length - 1) * 400);
}

test.each([
  ["nothing known", [null], null],
  ["too early to call it steady", [0, 10, 20, 20], null],
  ["steady and flowing", [0, 10, 20, 30, 40, 50], 0],
  ["steady, then silent for three looks", [0, 10, 20, 30, 40, 40, 40, 40], 1_200],
  ["a counter that starts from 0 again is progress", [0, 10, 20, 30, 40, 5], 0],
  ["now and then is not steady", [0, 10, 10, 20, 20, 30, 30], null],
  ["a vanished counter starts over", [0, 10, 20, 30, 40, null, 40], null],
])("%s", (_, counters, expected) => expect(silenceAfter(counters)).toBe(expected));
