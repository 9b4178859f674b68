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
  ours = new RoomProbe({ post: onto(way), understood: () => understood });
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
    ours.ask();
    travel(apart);
    expect(Math.abs((ours.latest()?.bps ?? 0) / bps - 1)).toBeLessThan(0.03);
  });

  test("is endless where both come at once", () => {
    ours.ask();
    travel(0);
    expect(ours.latest()?.bps).toBe(Number.POSITIVE_INFINITY);
  });

  test("is none while no answer has come, and not known any more after ten seconds", () => {
    expect(ours.latest()).toBeNull();
    ours.ask();
    vi.advanceTimersByTime(10_000);
    expect(ours.latest()).toEqual({ bps: 0, ageMs: 10_000 });
    vi.advanceTimersByTime(1);
    expect(ours.latest()).toBeNull();
  });

  test("an answer to an earlier question says nothing about now", () => {
    ours.ask();
    const late = way.splice(0) as [Frame, Frame];
    ours.ask();
    theirs.hear(late[0]);
    theirs.hear(late[1]);
    for (const frame of back) ours.hear(frame);
    expect(ours.latest()?.bps).toBe(0);
  });

  test("half a pair is not answered", () => {
    ours.ask();
    theirs.hear(way[0] as Frame);
    ours.ask();
    theirs.hear(way[2] as Frame);
    expect(back).toEqual([]);
  });

  test("nothing is sent to who would not answer", () => {
    understood = false;
    ours.ask();
    expect(way).toEqual([]);
    expect(ours.latest()).toBeNull();
  });
});
