import { beforeEach, describe, expect, test } from "vitest";
import { Interruptions, type Trouble } from "./interruptions";

let interruptions: Interruptions;

beforeEach(() => {
  let ids = 0;
  interruptions = new Interruptions(() => {
    ids += 1;
    return `i${ids}`;
  });
});

const silence: Trouble = { since: 1_000, networkChanged: false, connection: "connected" };
const causes = (now: number) => interruptions.take(now).map(({ cause }) => cause);

describe("the cause", () => {
  test.each<[string, readonly Partial<Trouble>[], string]>([
    ["nothing came, though all looked well", [{}], "silence"],
    ["the connection said so", [{ connection: "disconnected" }], "disconnected"],
    ["it was lost for good", [{ connection: "failed" }], "failed"],
    ["the network had changed", [{ networkChanged: true, connection: "failed" }], "network_changed"],
    ["the first one stays", [{}, { connection: "disconnected" }, { connection: "failed" }], "silence"],
    ["unless the network is then seen to have changed", [{}, { networkChanged: true }], "network_changed"],
    ["and that stays, too", [{}, { networkChanged: true }, { connection: "failed" }], "network_changed"],
    ["being set up is silence", [{ connection: "connecting" }], "silence"],
  ])("%s", (_, looks, expected) => {
    for (const change of looks) interruptions.goOn({ ...silence, ...change });
    expect(causes(3_000)).toEqual([expected]);
  });
});

describe("the record", () => {
  test("nothing happened", () => {
    interruptions.restarted();
    expect([interruptions.end(5_000), interruptions.take(6_000)]).toEqual([0, []]);
  });

  test.each([
    ["a stutter is not kept", 1_999, 999, []],
    [
      "a second is",
      2_000,
      1_000,
      [{ id: "i1", cause: "silence", agoMs: 1_500, durationMs: 1_000, restarts: 0 }],
    ],
  ])("%s", (_, until, duration, told) => {
    interruptions.goOn(silence);
    expect(interruptions.end(until)).toBe(duration);
    expect(interruptions.take(2_500)).toEqual(told);
  });

  test("one that lasts is told, and its end under the same id", () => {
    interruptions.goOn(silence);
    expect(interruptions.take(1_999)).toEqual([]);
    const open = { id: "i1", cause: "silence", durationMs: null, restarts: 0 };
    expect(interruptions.take(2_000)).toEqual([{ ...open, agoMs: 1_000 }]);
    interruptions.goOn({ ...silence, since: 2_500 });
    expect(interruptions.take(12_000.4)).toEqual([{ ...open, agoMs: 11_000 }]);
    expect(interruptions.end(13_000)).toBe(12_000);
    expect(interruptions.take(14_000)).toEqual([{ ...open, agoMs: 13_000, durationMs: 12_000 }]);
    expect(interruptions.take(15_000)).toEqual([]);
  });

  test("several are told in their order, each with its restarts", () => {
    interruptions.goOn(silence);
    interruptions.restarted();
    interruptions.restarted();
    interruptions.end(4_000);
    interruptions.restarted();
    interruptions.goOn({ ...silence, since: 5_000 });
    interruptions.restarted();
    expect(
      interruptions.take(7_000).map(({ id, restarts, durationMs }) => [id, restarts, durationMs]),
    ).toEqual([
      ["i1", 2, 3_000],
      ["i2", 1, null],
    ]);
  });
});
