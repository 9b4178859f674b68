import { describe, expect, test } from "vitest";
import {
  attempted,
  backOff,
  isAlert,
  look,
  nudged,
  type RecoveryFacts,
  SILENCE_MS,
  WELL,
  yielded,
} from "./recovery";

const facts = (connection: RTCPeerConnectionState, silentMs: number | null = null): RecoveryFacts => ({
  connection,
  silentMs,
  defers: false,
});
const NOW = 100_000;
const ALERT = nudged(WELL, null, NOW);

test.each([
  ["well", facts("connected", 0), 0, false],
  ["a short silence is nothing", facts("connected", SILENCE_MS - 1), 0, false],
  ["silence of a steady flow", facts("connected", 1_200), 0, true],
  ["silence of nothing steady", facts("connected", null), 60_000, false],
  ["failed", facts("failed"), 0, true],
  ["disconnected, just now", facts("disconnected"), 900, false],
  ["disconnected for a second", facts("disconnected"), 1_000, true],
  ["disconnected and silent", facts("disconnected", 1_200), 0, true],
  ["being set up", facts("connecting"), 60_000, false],
  ["being set up, and silent", facts("connecting", 60_000), 60_000, false],
  ["new", facts("new"), 60_000, false],
])("%s", (_, seen, troubledFor, expected) => {
  const state = { ...WELL, troubledSince: troubledFor ? NOW - troubledFor : null };
  expect(look(state, seen, NOW).restart).toBe(expected);
});

describe("who defers", () => {
  const silent = { ...facts("connected", 1_200), defers: true };

  test("restarts one look later", () => {
    const { state, restart } = look(WELL, silent, NOW);
    expect([state.troubledSince, restart, look(WELL, facts("connected", 1_200), NOW).restart]).toEqual([
      NOW,
      false,
      true,
    ]);
    expect(look(state, silent, NOW + 199).restart).toBe(false);
    expect(look(state, silent, NOW + 200).restart).toBe(true);
  });

  test("goes first when it is their own network that changed, and when theirs has been in vain", () => {
    expect(look(nudged(WELL, null, NOW), silent, NOW).restart).toBe(true);
    expect(look(attempted(WELL, NOW - 6_000), silent, NOW).restart).toBe(true);
  });
});

describe("right after a change of the network", () => {
  test.each([
    ["a pause between words", 349, false],
    ["seventeen packets in a row", 350, true],
  ])("%s", (_, silentMs, expected) => {
    expect(look(ALERT, facts("connected", silentMs), NOW + 1_000).restart).toBe(expected);
    expect(look(WELL, facts("connected", silentMs), NOW + 1_000).restart).toBe(false);
  });

  test("lasts ten seconds", () => {
    expect([isAlert(WELL, NOW), isAlert(ALERT, NOW + 9_999), isAlert(ALERT, NOW + 10_000)]).toEqual([
      false,
      true,
      false,
    ]);
    expect(look(ALERT, facts("connected", 350), NOW + 10_000).restart).toBe(false);
    expect(look(ALERT, facts("connected", 1_200), NOW + 10_000).restart).toBe(true);
  });

  test("nothing is restarted while sound comes: it may have been an interface that nobody uses", () => {
    for (const silentMs of [0, 100, 349, null]) {
      for (const after of [0, 350, 9_999]) {
        const decision = look(ALERT, facts("connected", silentMs), NOW + after);
        expect([decision.restart, decision.state.troubledSince]).toEqual([false, null]);
      }
    }
  });
});

describe("the way to the server is asked before it is needed", () => {
  test.each([
    ["all is well", WELL, facts("connected", 499), false],
    ["a silence that may become a trouble", WELL, facts("connected", 500), true],
    ["the same after a change of the network", ALERT, facts("connected", 150), true],
    ["a pause then", ALERT, facts("connected", 149), false],
    ["no way", WELL, facts("disconnected"), true],
    ["a lost way", WELL, facts("failed"), true],
    ["a way being looked for", WELL, facts("connecting", 60_000), false],
  ])("%s", (_, state, seen, expected) => {
    const decision = look(state, seen, NOW + 1);
    expect(decision.ask).toBe(expected);
  });

  test("long before the restart", () => {
    expect(look(WELL, facts("connected", 500), NOW)).toMatchObject({ ask: true, restart: false });
    expect(look(ALERT, facts("connected", 150), NOW)).toMatchObject({ ask: true, restart: false });
    expect(look(WELL, facts("disconnected"), NOW)).toMatchObject({ ask: true, restart: false });
  });
});

describe("an address that goes takes the way with it at once", () => {
  const GONE = look(WELL, facts("disconnected", 100), NOW);

  test.each([
    ["packets came until now", WELL, facts("disconnected", 0), true],
    ["packets came until the look before", WELL, facts("disconnected", 399), true],
    ["answers have been missing for seconds", WELL, facts("disconnected", 400), false],
    ["nothing steady came", WELL, facts("disconnected", null), false],
    ["a failure", WELL, facts("failed", 0), false],
    ["all is well", WELL, facts("connected", 0), false],
    ["said before", GONE.state, facts("disconnected", 0), false],
  ])("%s", (_, state, seen, expected) => {
    expect(look(state, seen, NOW).sudden).toBe(expected);
  });

  test("so it is looked for anew after a third of a second, not after one", () => {
    expect([GONE.ask, GONE.restart, isAlert(GONE.state, NOW + 9_999)]).toEqual([true, false, true]);
    expect(look(GONE.state, facts("disconnected", 349), NOW + 100).restart).toBe(false);
    expect(look(GONE.state, facts("disconnected", 350), NOW + 100).restart).toBe(true);
    const slow = look(WELL, facts("disconnected", 400), NOW).state;
    expect(look(slow, facts("disconnected", 500), NOW + 100).restart).toBe(false);
  });

  test("but not while packets come by another way", () => {
    expect(look(GONE.state, facts("disconnected", 0), NOW + 900).restart).toBe(false);
  });
});

describe("trouble", () => {
  test("begins with the first look that shows it, and ends with the first that does not", () => {
    const silent = look(WELL, facts("connected", 1_200), NOW).state;
    const later = look(silent, facts("failed"), NOW + 500).state;
    expect(later).toMatchObject({ troubledSince: NOW, wellSince: null });
    const trying = look(later, facts("connecting"), NOW + 700).state;
    expect(trying).toBe(later);
    const back = look(trying, facts("connected", 0), NOW + 900).state;
    expect(back).toMatchObject({ troubledSince: null, wellSince: NOW + 900 });
  });
});

describe("back-off", () => {
  test("grows and has an end", () => {
    expect([backOff(0), backOff(1), backOff(20)]).toEqual([6_000, 9_600, 45_000]);
  });

  test("a second restart waits", () => {
    const state = attempted(WELL, 1_000);
    expect(look(state, facts("failed"), 6_999).restart).toBe(false);
    expect(look(state, facts("failed"), 7_000).restart).toBe(true);
    const again = attempted(state, 7_000);
    expect(again).toMatchObject({ attempts: 2, notBefore: 16_600 });
  });

  test("right after a network change the first one may have come too early, so the second comes sooner", () => {
    const hasty = attempted(nudged(WELL, null, 1_000), 1_400);
    expect(hasty.notBefore).toBe(4_400);
    expect(attempted(hasty, 4_400).notBefore).toBe(14_000);
  });

  test("a network change does not wait, but not twice at once", () => {
    const state = attempted(attempted(WELL, 1_000), 8_000);
    expect(look(nudged(state, 8_000, 8_100), facts("failed"), 9_499).restart).toBe(false);
    expect(look(nudged(state, 8_000, 8_100), facts("failed"), 9_500).restart).toBe(true);
    expect(nudged(state, 8_000, 20_000).notBefore).toBe(20_000);
    expect(nudged(WELL, null, 5).notBefore).toBe(5);
  });

  test("when the other side restarts, ours waits three seconds", () => {
    const state = yielded(WELL, NOW);
    expect(look(state, facts("failed"), NOW + 2_999).restart).toBe(false);
    expect(look(state, facts("failed"), NOW + 3_000).restart).toBe(true);
    const later = attempted(WELL, NOW);
    expect(yielded(later, NOW + 100).notBefore).toBe(later.notBefore);
  });

  test("is forgiven only after a while of being well", () => {
    const tried = look(attempted(WELL, 0), facts("failed"), 100).state;
    const back = look(tried, facts("connected", 0), 1_000).state;
    expect(back).toMatchObject({ troubledSince: null, attempts: 1 });
    expect(look(back, facts("connected", 0), 15_999).state.attempts).toBe(1);
    expect(look(back, facts("connected", 0), 16_000).state.attempts).toBe(0);
  });
});
