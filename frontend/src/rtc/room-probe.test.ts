import { beforeEach, describe, expect, test, vi } from "vitest";
import type { Frame } from "./channel";
import { RoomProbe } from "./room-probe";

/** Two sides whose frames travel when the test says so. */
let way: Frame[];
let back: Frame[];
let understood: boolean;
let ours: RoomProbe;
let theirs: RoomProbe;

const onto = (line: Frame[]) => (frame: Frame) => line.push(frame) > 0;

beforeEach(() => {
  vi.useFakeTimers();
  way = [];
  back = [];
  understood = true;
  ours = new RoomProbe({ post: onto(way), understood: () => understood, soon: (then) => then() });
  theirs = new RoomProbe({ post: onto(back), understood: () => true });
});

/** The pair arrives so many milliseconds apart, and the answer comes back. */
function travel(apart: number): void {
  const [first, second] = way.splice(0) as [Frame, Frame];
  theirs.hear(first);
  vi.advanceTimersByTime(apart);
  theirs.hear(second);
  for (const frame of back.splice(0)) ours.hear(frame);
}

describe("the room of a way", () => {
  test.each([
    ["a link of 50 kbit/s", 122, 50_000],
    ["a link of 100 kbit/s", 61, 100_000],
    ["a link of 400 kbit/s", 15, 400_000],
  ])("%s", (_, apart, bps) => {
    ours.ask("middle", 40);
    travel(apart);
    expect(Math.abs((ours.latest()?.bps ?? 0) / bps - 1)).toBeLessThan(0.03);
  });

  test("is as large as asked for, after a small one", () => {
    for (const size of ["small", "middle", "large"] as const) ours.ask(size, 40);
    expect(way.map((frame) => (frame.t === "probe" ? (frame.pad?.length ?? 0) : -1))).toEqual([
      0, 350, 0, 640, 0, 1_020,
    ]);
  });

  test("is not known from a pair that was sent again: what waited for the first comes with it", () => {
    ours.ask("small", 40);
    vi.advanceTimersByTime(341);
    travel(0);
    expect(ours.latest()?.bps).toBe(0);
  });

  test("is known over a long way, and from a slow pair", () => {
    ours.ask("small", 600);
    vi.advanceTimersByTime(700);
    travel(94);
    expect(Math.abs((ours.latest()?.bps ?? 0) / 40_000 - 1)).toBeLessThan(0.01);
  });

  test("the large one leaves in a packet of its own", async () => {
    vi.useRealTimers();
    const probe = new RoomProbe({ post: onto(way), understood: () => true });
    probe.ask("small", 40);
    expect(way).toHaveLength(1);
    await vi.waitFor(() => expect(way).toHaveLength(2));
  });

  test("is endless where both come at once", () => {
    ours.ask("middle", 40);
    travel(0);
    expect(ours.latest()?.bps).toBe(Number.POSITIVE_INFINITY);
  });

  test("is none while no answer has come, and not known any more after ten seconds", () => {
    expect(ours.latest()).toBeNull();
    ours.ask("middle", 40);
    vi.advanceTimersByTime(10_000);
    expect(ours.latest()).toEqual({ bps: 0, ageMs: 10_000 });
    vi.advanceTimersByTime(1);
    expect(ours.latest()).toBeNull();
  });

  test("an answer to an earlier question says nothing about now", () => {
    ours.ask("middle", 40);
    const late = way.splice(0) as [Frame, Frame];
    ours.ask("middle", 40);
    theirs.hear(late[0]);
    theirs.hear(late[1]);
    for (const frame of back) ours.hear(frame);
    expect(ours.latest()?.bps).toBe(0);
  });

  test("half a pair is not answered", () => {
    ours.ask("middle", 40);
    theirs.hear(way[0] as Frame);
    ours.ask("middle", 40);
    theirs.hear(way[2] as Frame);
    expect(back).toEqual([]);
  });

  test("nothing is sent to who would not answer", () => {
    understood = false;
    ours.ask("middle", 40);
    expect(way).toEqual([]);
    expect(ours.latest()).toBeNull();
  });
});
