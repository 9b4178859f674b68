import { describe, expect, test } from "vitest";
import { attempted, backOff, look, nudged, type RecoveryFacts, WELL } from "./recovery";

const facts = (connection: RTCPeerConnectionState, silentMs: number | null = null): RecoveryFacts => ({
  connection,
  silentMs,
});

test.each([
  ["well", facts("connected", 0), 0, false],
  ["a short silence is nothing", facts("connected", 1_100), 0, false],
  ["silence of a steady flow", facts("connected", 1_200), 0, true],
  ["failed", facts("failed"), 0, true],
  ["disconnected, just now", facts("disconnected"), 900, false],
  ["disconnected for more than a second", facts("disconnected"), 1_100, true],
  ["disconnected and silent", facts("disconnected", 2_000), 0, true],
  ["being set up", facts("connecting"), 60_000, false],
  ["new", facts("new"), 60_000, false],
])("%s", (_, seen, troubledFor, expected) => {
  const now = 100_000;
  const state = { ...WELL, troubledSince: troubledFor ? now - troubledFor : null };
  expect(look(state, seen, now).restart).toBe(expected);
});

describe("back-off", () => {
  test("grows and has an end", () => {
    expect([backOff(0), backOff(1), backOff(20)]).toEqual([6_000, 9_600, 45_000]);
  });

  test("a second restart waits", () => {
    const state = attempted(WELL, 1_000);
    expect(look(state, facts("failed"), 6_900).restart).toBe(false);
    expect(look(state, facts("failed"), 7_000).restart).toBe(true);
  });

  test("a network change does not wait, but not twice at once", () => {
    const state = attempted(attempted(WELL, 1_000), 8_000);
    expect(look(nudged(state, 8_000, 8_100), facts("failed"), 9_499).restart).toBe(false);
    expect(look(nudged(state, 8_000, 8_100), facts("failed"), 9_500).restart).toBe(true);
    expect(nudged(WELL, null, 5).notBefore).toBe(5);
  });

  test("is forgiven only after a while of being well", () => {
    const tried = look(attempted(WELL, 0), facts("failed"), 100).state;
    const back = look(tried, facts("connected", 0), 1_000).state;
    expect(back).toMatchObject({ troubledSince: null, attempts: 1 });
    expect(look(back, facts("connected", 0), 15_999).state.attempts).toBe(1);
    expect(look(back, facts("connected", 0), 16_000).state.attempts).toBe(0);
  });
});
