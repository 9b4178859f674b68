import { describe, expect, test } from "vitest";
import { isDrowning, isOverfull, isStarved, remember } from "./drowning";
import { LAST_PICTURE } from "./rungs";
import { type Snapshot, snapshot } from "./stats";

const NOTHING = snapshot([], 0);

/** What came since the look before: packets of sound, those of them that were lost, bytes of everything. */
type Came = readonly [came: number, lost: number, bytes: number];

/** Looks every 250 ms. */
function looks(...seen: readonly Came[]): readonly Snapshot[] {
  const all: Snapshot[] = [{ ...NOTHING, soundIn: 0, soundLost: 0, bytesIn: 0 }];
  for (const [came, lost, bytes] of seen) {
    const before = all.at(-1) as Snapshot;
    all.push({
      ...before,
      at: before.at + 250,
      soundIn: (before.soundIn ?? 0) + came,
      soundLost: (before.soundLost ?? 0) + lost,
      bytesIn: (before.bytesIn ?? 0) + bytes,
    });
  }
  return all;
}

describe("what is sent again and again", () => {
  test.each<[string, number, number, number, number, boolean]>([
    ["mostly", 5_000, 0.61, 0, 0, true],
    ["as after half of it was lost", 5_000, 0.5, 0.1, 60, false],
    ["much, and what is heard is torn and late", 5_000, 0.3, 0.3, 50, true],
    ["much, and what is heard is torn, not late: loss", 5_000, 0.3, 0.3, 49, false],
    ["as after a little loss, and what is heard is torn", 5_000, 0.2, 0.9, 90, false],
    ["next to nothing", 3_999, 0.9, 0.9, 90, false],
  ])("%s", (_, again, share, concealed, jitter, expected) => {
    expect(isOverfull({ again, share, concealed, jitter })).toBe(expected);
  });
});

describe("what comes", () => {
  test.each<[string, readonly Came[], boolean]>([
    [
      "hardly anything, look after look",
      [
        [9, 4, 1_500],
        [2, 9, 900],
        [1, 7, 900],
        [1, 11, 900],
      ],
      true,
    ],
    [
      "all lost in one look: a gap",
      [
        [12, 0, 900],
        [0, 0, 0],
        [0, 0, 0],
        [3, 40, 300],
      ],
      false,
    ],
    [
      "nothing: silence",
      [
        [0, 0, 0],
        [0, 0, 0],
        [0, 0, 0],
        [0, 0, 0],
      ],
      false,
    ],
    [
      "less than half is lost",
      [
        [7, 5, 900],
        [7, 5, 900],
        [7, 5, 900],
        [7, 5, 900],
      ],
      false,
    ],
    [
      "most is lost, of much",
      [
        [5, 7, 4_000],
        [5, 7, 4_000],
        [5, 7, 4_000],
        [5, 7, 4_000],
      ],
      false,
    ],
    [
      "lost and found again",
      [
        [2, 9, 900],
        [20, -9, 900],
        [2, 9, 900],
        [20, -9, 900],
      ],
      false,
    ],
  ])("%s", (_, seen, expected) => expect(isStarved(looks(...seen))).toBe(expected));

  test("counts while a picture is sent, once there was time to see", () => {
    const starved = looks([9, 4, 1_500], [2, 9, 900], [1, 7, 900], [1, 11, 900]);
    expect(isDrowning(0, starved)).toBe(true);
    expect(isDrowning(LAST_PICTURE + 1, starved), "the picture is put away already").toBe(false);
    expect(isDrowning(0, starved.slice(1)), "less than a second").toBe(false);
    expect(isDrowning(0, [])).toBe(false);
  });
});

test("the last second is remembered, and no more", () => {
  const seen = looks(...Array.from({ length: 9 }, (): Came => [1, 0, 1]));
  const kept = seen.reduce<readonly Snapshot[]>(remember, []);
  expect(kept.map(({ at }) => at)).toEqual([1_250, 1_500, 1_750, 2_000, 2_250]);
});
