import { describe, expect, test } from "vitest";
import { drowned, type Ladder, onAnotherWay, step, TOP, wantsRoom } from "./adapt";
import { judge, type Load } from "./judgement";
import { LAST, LAST_PICTURE, probeSize, RUNGS } from "./rungs";

interface Seen {
  readonly missed?: number;
  readonly loss?: number | null;
  readonly rtt?: number | null;
  readonly available?: number | null;
  readonly limitation?: "cpu" | "bandwidth";
  readonly sent?: number;
}

/** A way that is well, but for `seen`. */
function load(seen: Seen = {}): Load {
  const {
    missed = null,
    loss = 0,
    rtt = 40,
    available = 2_000_000,
    limitation = null,
    sent: bitrate_out = null,
  } = seen;
  return {
    figures: { rtt_ms: rtt, loss_out: loss, limitation, bitrate_out },
    availableOut: available,
    missed,
  };
}

const good = load();
const times = (n: number, one: Load) => Array.from({ length: n }, () => one);
const walk = (from: Ladder, ...loads: readonly Load[]) => loads.reduce(step, from);
const at = (rung: number): Ladder => ({ ...TOP, rung, base: 40, sinceUp: 99 });

describe("the room that was measured", () => {
  const roomy = (room: number | null): Load => ({ ...good, room });
  const ready = (rung: number): Ladder => ({ ...at(rung), good: TOP.patience - 1 });

  test.each<[string, number, number | null, number]>([
    ["enough for a picture", LAST_PICTURE + 1, 95_000, LAST_PICTURE],
    ["too little for a picture", LAST_PICTURE + 1, 94_999, LAST_PICTURE + 1],
    ["much room: a picture at once", LAST, 127_000, LAST_PICTURE],
    ["some room: one step", LAST, 126_000, LAST - 1],
    ["no answer", LAST_PICTURE + 1, 0, LAST_PICTURE + 1],
    ["nobody who answers: as before", LAST_PICTURE + 1, null, LAST_PICTURE],
    ["enough for the better sound", LAST, 60_000, LAST - 1],
    ["too little for the better sound", LAST, 59_999, LAST],
    ["enough for a larger picture", LAST_PICTURE, 200_000, LAST_PICTURE - 1],
    ["too little for a larger picture", LAST_PICTURE, 199_999, LAST_PICTURE],
    ["enough for one larger still", LAST_PICTURE - 1, 294_000, LAST_PICTURE - 2],
    ["too little for one larger still", LAST_PICTURE - 1, 293_000, LAST_PICTURE - 1],
    ["above, the estimate is better", LAST_PICTURE - 2, 0, LAST_PICTURE - 3],
  ])("%s", (_, rung, room, expected) => {
    expect(step(ready(rung), roomy(room)).rung).toBe(expected);
  });

  test("is asked for right before a step up from the lower rungs", () => {
    expect(wantsRoom(ready(LAST), good)).toBe(true);
    expect(wantsRoom({ ...ready(LAST), good: TOP.patience - 2 }, good)).toBe(false);
    expect(wantsRoom(ready(LAST_PICTURE), good)).toBe(true);
    expect(wantsRoom(ready(LAST_PICTURE - 2), good)).toBe(false);
  });

  test("is asked for at the first scarce look, unless a queue says enough", () => {
    const scarce = load({ available: 129_999 });
    expect(judge(scarce, at(0))).toBe("scarce");
    expect(wantsRoom(step(at(0), scarce), scarce)).toBe(true);
    expect(wantsRoom(step(step(at(1), load({ loss: 0.2 })), scarce), scarce)).toBe(false);
    const queued = load({ available: 129_999, rtt: 40 + 154 });
    expect(wantsRoom(step(at(0), queued), queued)).toBe(false);
  });

  test("is measured with as little as the rung bears", () => {
    expect(RUNGS.map((_, rung) => probeSize(rung)).slice(LAST_PICTURE)).toEqual(["large", "middle", "small"]);
  });

  test("a refusal waits as long again, not longer", () => {
    const refused = step(ready(LAST), roomy(0));
    expect(refused).toMatchObject({ good: 0, patience: TOP.patience, refused: 1 });
    expect(walk(refused, ...times(TOP.patience, roomy(60_000))).rung).toBe(LAST - 1);
  });

  test("is not believed for ever, and counted anew after a step", () => {
    const stubborn = walk(at(LAST), ...times(7 * TOP.patience, roomy(0)));
    expect(stubborn).toMatchObject({ rung: LAST - 1, refused: 0 });
    expect(walk(at(LAST), ...times(7 * TOP.patience - 1, roomy(0))).rung).toBe(LAST);
  });
});

describe("a way that drowns", () => {
  test("leaves only the thinnest sound, and is measured soon", () => {
    const ladder = drowned(at(0));
    expect(ladder).toMatchObject({ rung: LAST, good: 0, bad: 0 });
    expect(walk(ladder, ...times(3, { ...good, room: 127_000 })).rung).toBe(LAST_PICTURE);
    const refused = walk(ladder, ...times(3, { ...good, room: 50_000 }));
    expect(refused).toMatchObject({ rung: LAST, patience: TOP.patience });
    expect(drowned({ ...at(LAST_PICTURE), sinceUp: 3 }).patience).toBe(2 * TOP.patience);
  });
});

describe("a larger picture", () => {
  const ready = { ...at(2), good: TOP.patience };

  test.each<[string, Seen, number]>([
    ["has room", { available: 400_000, sent: 390_000 }, 1],
    ["has none", { available: 399_999, sent: 390_000 }, 2],
    ["may have, as far as can be told from sending little", { available: 399_999, sent: 200_000 }, 1],
  ])("%s", (_, seen, rung) => expect(step(ready, load(seen)).rung).toBe(rung));

  test("comes as soon as there is room", () => {
    const scarce = load({ available: 300_000, sent: 300_000 });
    expect(walk(ready, scarce, scarce, load({ available: 400_000, sent: 300_000 })).rung).toBe(1);
  });
});

describe("sound is sent twice, near by and far away", () => {
  test.each<[string, Seen, boolean]>([
    ["against loss", { loss: 0.031 }, true],
    ["not against a little, near by: it is asked for again", { loss: 0.03 }, false],
    ["against a little over a long way, where asking takes too long", { loss: 0.009, rtt: 140 }, true],
    ["against what came late, since it had to be asked for", { missed: 0.02, rtt: 140 }, true],
    ["not against next to nothing", { loss: 0.008, rtt: 140 }, false],
  ])("%s", (_, seen, redundant) => {
    expect(walk({ ...at(0), base: 140 }, ...times(2, load(seen))).redundant).toBe(redundant);
  });

  test.each<[string, Seen, boolean]>([
    ["until the loss is over", { loss: 0.009 }, false],
    ["over a long way until it is quite over", { loss: 0.009, rtt: 140 }, true],
  ])("%s", (_, seen, redundant) => {
    const from = { ...at(0), base: 140, redundant: true };
    expect(walk(from, ...times(15, load(seen))).redundant).toBe(redundant);
  });
});

describe("the shortest round trip", () => {
  test("is forgotten within two minutes", () => {
    const far = load({ rtt: 300 });
    expect(walk(at(0), ...times(20, far)).base).toBeLessThan(150);
    expect(walk(at(0), ...times(60, far)).base).toBe(300);
  });

  test("is another one on another way", () => {
    expect(step(onAnotherWay(at(0)), load({ rtt: 300 })).base).toBe(300);
  });

  test("a queue forbids to send twice only where room is scarce", () => {
    const queue = { loss: 0.05, rtt: 240 };
    expect(walk(at(0), ...times(2, load({ ...queue, available: 200_000 }))).redundant).toBe(true);
    expect(walk(at(0), ...times(2, load({ ...queue, available: 129_999 }))).redundant).toBe(false);
  });
});
