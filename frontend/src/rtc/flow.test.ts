import { expect, test } from "vitest";
import { NO_FLOW, observe, silence } from "./flow";

/** Looks 400 ms apart: received packets, and checks where they matter. */
function silenceAfter(looks: readonly (number | null | readonly [number, number])[]): number | null {
  let flow = NO_FLOW;
  looks.forEach((look, at) => {
    const [packets, checks] = typeof look === "object" && look !== null ? look : [look, 0];
    flow = observe(flow, packets, checks, at * 400);
  });
  return silence(flow, (looks.length - 1) * 400);
}

test.each<[string, readonly (number | null | readonly [number, number])[], number | null]>([
  ["nothing known", [null], null],
  ["too early to call it steady", [0, 10, 20, 20], null],
  ["steady and flowing", [0, 10, 20, 30, 40, 50], 0],
  ["steady, then silent for three looks", [0, 10, 20, 30, 40, 40, 40, 40], 1_200],
  ["a counter that starts from 0 again is progress", [0, 10, 20, 30, 40, 5], 0],
  ["now and then is not steady", [0, 10, 10, 20, 20, 30, 30], null],
  ["a vanished counter starts over", [0, 10, 20, 30, 40, null, 40], null],
  ["a check just after the last packet was under way", [0, 10, 20, 30, 40, [40, 1], [40, 1], [40, 1]], 1_200],
  ["a check later proves the way", [0, 10, 20, 30, 40, [40, 0], [40, 0], [40, 1]], null],
])("%s", (_, looks, expected) => expect(silenceAfter(looks)).toBe(expected));
