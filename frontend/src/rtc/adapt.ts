/** The ladder that lowers the picture so that the sound survives, and how the sound is sent on each rung. Pure. */

import { QUEUED, USABLE } from "./estimate";
import { FULL_SOUND, type Sound, type SoundRate } from "./sound";
import type { QualityFigures } from "./types";

export interface Rung {
  readonly scale: number;
  /** bit/s of video. */
  readonly maxBitrate: number;
  readonly maxFramerate: number;
  readonly video: boolean;
  readonly rate: SoundRate;
  /** The least estimate of the way out that this rung is worth trying with, bit/s, sound and headers included. */
  readonly needs: number;
}

const OFF = { scale: 4, maxBitrate: 60_000, maxFramerate: 8, video: false } as const;

export const RUNGS: readonly Rung[] = [
  { scale: 1, maxBitrate: 2_500_000, maxFramerate: 30, video: true, rate: "full", needs: 900_000 },
  { scale: 1.5, maxBitrate: 900_000, maxFramerate: 30, video: true, rate: "full", needs: 400_000 },
  { scale: 2, maxBitrate: 350_000, maxFramerate: 20, video: true, rate: "full", needs: 220_000 },
  { scale: 3, maxBitrate: 150_000, maxFramerate: 15, video: true, rate: "full", needs: 150_000 },
  { scale: 4, maxBitrate: 60_000, maxFramerate: 8, video: true, rate: "lean", needs: 70_000 },
  // The transceiver becomes receive-only: packets that wait in the queue are dropped at once and the sound is clear
  // in seconds; switching the encoding off would let them drain first.
  { ...OFF, rate: "lean", needs: 45_000 },
  { ...OFF, rate: "thin", needs: 0 },
];

const LAST = RUNGS.length - 1;
const LAST_PICTURE = RUNGS.findLastIndex(({ video }) => video);
/** Loss alone is no reason to go below: a smaller picture is not lost less often. */
const LOSS_FLOOR = 3;
/** A busy device is helped by fewer pixels, not by a thinner stream. */
const CPU_FLOOR = 2;

const FIRST_PATIENCE = 6;
const SOON_PATIENCE = 3;
/** Looks after a picture has come back in which only queues and loss can put it away again: the browser's estimate is
 * still the one of sound alone, and grows with the picture. */
const TRIAL = 5;
const MOST_PATIENCE = 96;
/** So many refusals, and a step up is tried all the same: a measurement may be wrong for ever. */
const MOST_REFUSED = 6;
const HELD = 10;
/** Good looks after a fall to the last rung before lost sound is asked for again: into a queue that is still full, each
 * repeat only keeps it full, and comes too late to be heard. */
const DRAINED = 3;
/** Looks in a row that show loss before sound is sent twice, and without it before it is sent once again. */
const REDUNDANT_AFTER = 2;
const SINGLE_AFTER = 15;
/** The loss that speaks for it and against it, by how far they are, ms: over a long way what is asked for comes too late. */
const FAR = 120;
const REDUNDANCY = { near: { from: 0.03, to: 0.01 }, far: { from: 0.008, to: 0.003 } } as const;

export interface Ladder {
  readonly rung: number;
  readonly bad: number;
  readonly good: number;
  /** Good looks needed for the next step up: doubles when a step up did not hold. */
  readonly patience: number;
  /** Looks since the last step up, to know whether it held. */
  readonly sinceUp: number;
  /** The shortest round trip seen, ms: what is above it is queues. */
  readonly base: number | null;
  /** Steps up without a picture that the measured room forbade, in a row. */
  readonly refused: number;
  readonly redundant: boolean;
  /** Looks in a row that spoke for the other way of sending sound. */
  readonly doubt: number;
  /** Good looks in a row since the last step down, counted to `DRAINED` and kept. */
  readonly drained: number;
}

export const TOP: Ladder = {
  rung: 0,
  bad: 0,
  good: 0,
  patience: FIRST_PATIENCE,
  sinceUp: HELD,
  base: null,
  refused: 0,
  redundant: false,
  doubt: 0,
  drained: DRAINED,
};

export interface Load {
  readonly figures: Pick<QualityFigures, "loss_out" | "rtt_ms" | "limitation" | "bitrate_out">;
  /** The estimate of what can be sent, bit/s, as far as it is to be believed. */
  readonly availableOut: number | null;
  /** Share of our sound that did not arrive at once, whether or not it came when it was asked for again. */
  readonly missed?: number | null;
  /** The room that was measured because it was wanted, bit/s: 0 when no answer came, null when it cannot be. */
  readonly room?: number | null;
}

/** How one look judges the way out: `awful` steps down at once, `bad` after three in a row. */
export type Judgement = "good" | "bad" | "awful";

/** Less than this, and a picture above the last rung takes the room of the sound; or even the last one. */
const THIN = 95_000;
const THINNEST = 50_000;
const SCARCE = 130_000;
const LOSSY = 0.1;
/** Round trip above the shortest, ms. Loss beside a queue is the queue's. */
const QUEUE = { some: QUEUED, bad: 400, awful: 1_000 } as const;

/** The rules in their order; the first that applies decides. */
const RULES: readonly (readonly [Judgement, (at: Facts) => boolean])[] = [
  ["awful", ({ sending, trial, rung, available }) => sending && !trial && available < thinFor(rung)],
  ["awful", ({ sending, queue }) => sending && queue > QUEUE.awful],
  ["awful", ({ trial, queue, loss }) => trial && (queue > QUEUE.some || loss > LOSSY)],
  ["bad", ({ queue }) => queue > QUEUE.bad],
  ["bad", ({ queue, loss }) => queue > QUEUE.some && loss > LOSSY],
  ["bad", ({ rung, available }) => rung < LAST_PICTURE && available < SCARCE],
  ["bad", ({ rung, loss }) => rung < LOSS_FLOOR && loss > LOSSY],
  ["bad", ({ rung, cpu }) => rung < CPU_FLOOR && cpu],
];

interface Facts {
  readonly rung: number;
  readonly sending: boolean;
  readonly trial: boolean;
  readonly available: number;
  readonly queue: number;
  readonly loss: number;
  readonly cpu: boolean;
}

/** An estimate bounds nothing while much less is sent: browsers begin with a small one after each change of the way. */
const BOUND = 0.7;

function room(availableOut: number | null, bitrateOut: number | null): number {
  if (availableOut === null || (bitrateOut ?? availableOut) < BOUND * availableOut)
    return Number.POSITIVE_INFINITY;
  return availableOut;
}

function thinFor(rung: number): number {
  return rung < LAST_PICTURE ? THIN : THINNEST;
}

function isTrial({ rung, sinceUp }: Pick<Ladder, "rung" | "sinceUp">): boolean {
  return rung === LAST_PICTURE && sinceUp < TRIAL;
}

export function judge(
  { figures, availableOut }: Load,
  ladder: Pick<Ladder, "rung" | "base" | "sinceUp">,
): Judgement {
  const facts: Facts = {
    rung: ladder.rung,
    sending: RUNGS[ladder.rung]?.video === true,
    trial: isTrial(ladder),
    available: room(availableOut, figures.bitrate_out),
    queue: (figures.rtt_ms ?? 0) - (ladder.base ?? 0),
    loss: figures.loss_out ?? 0,
    cpu: figures.limitation === "cpu",
  };
  return RULES.find(([, applies]) => applies(facts))?.[0] ?? "good";
}

/** Where a way with so much room belongs, bit/s; null when it is not known. */
function fitting(available: number | null): number {
  if (available === null) return 0;
  return RUNGS.findIndex(({ needs }) => available >= needs);
}

/** Whether the next step up is near and has to be measured first: without a picture the estimate says nothing. */
export function wantsRoom({ rung, good, patience }: Ladder): boolean {
  return RUNGS[rung]?.video === false && good + 1 >= patience;
}

/** Whether the room that was measured is too small for the rung above. A picture on trial in it would cost the sound. */
function lacksRoom({ rung, refused }: Ladder, room: number | null): boolean {
  if (room === null || rung <= LAST_PICTURE || refused >= MOST_REFUSED) return false;
  const above = RUNGS[rung - 1] as Rung;
  return room < (above.video ? THIN : above.needs / USABLE);
}

/** Whether the estimate has room for the rung above, as far as it can tell with the picture that is sent. */
function hasRoom({ rung }: Ladder, { figures, availableOut }: Load): boolean {
  return rung > LAST_PICTURE || room(availableOut, figures.bitrate_out) >= (RUNGS[rung - 1] as Rung).needs;
}

/** Room in which a picture needs no step in between. */
function isWide(room: number | null): boolean {
  return room !== null && room >= THIN / USABLE;
}

/** Whether looks of loss or without it have come to change how sound is sent. */
function sounding(ladder: Ladder, load: Load): Pick<Ladder, "redundant" | "doubt"> {
  const { loss_out } = load.figures;
  const loss = loss_out === null ? null : Math.max(loss_out, load.missed ?? 0);
  const room = (load.availableOut ?? Number.POSITIVE_INFINITY) >= THIN || (loss ?? 0) > LOSSY;
  const scarce = (load.availableOut ?? Number.POSITIVE_INFINITY) < SCARCE;
  const queues = scarce && (load.figures.rtt_ms ?? 0) - (ladder.base ?? 0) > QUEUE.some;
  if (ladder.redundant && (queues || !room)) return { redundant: false, doubt: 0 };
  if (loss === null) return ladder;
  const { from, to } = (load.figures.rtt_ms ?? 0) > FAR ? REDUNDANCY.far : REDUNDANCY.near;
  const speaksAgainst = ladder.redundant ? loss < to : loss > from && room && !queues;
  const doubt = speaksAgainst ? ladder.doubt + 1 : 0;
  if (doubt < (ladder.redundant ? SINGLE_AFTER : REDUNDANT_AFTER))
    return { redundant: ladder.redundant, doubt };
  return { redundant: !ladder.redundant, doubt: 0 };
}

/** The shortest round trip, forgotten slowly: a way may become longer, and what it then takes is no queue. */
function shortest(base: number | null, rtt: number | null): number | null {
  return rtt === null ? base : Math.min(rtt, base === null ? rtt : 1.02 * base + 2);
}

/** Another way has other round trips. */
export function onAnotherWay(ladder: Ladder): Ladder {
  return { ...ladder, base: null };
}

function drained({ drained: soFar }: Ladder, judgement: Judgement): number {
  if (soFar === DRAINED) return DRAINED;
  return judgement === "good" ? soFar + 1 : 0;
}

/** One look of two seconds. */
export function step(before: Ladder, load: Load): Ladder {
  const base = shortest(before.base, load.figures.rtt_ms);
  const heard = { ...before, base, ...sounding({ ...before, base }, load) };
  const judgement = judge(load, heard);
  const ladder = { ...heard, drained: drained(heard, judgement) };
  const sinceUp = ladder.sinceUp + 1;
  if (judgement === "good") {
    const good = ladder.good + 1;
    if (ladder.rung === 0 || good < ladder.patience) return { ...ladder, good, bad: 0, sinceUp };
    if (!hasRoom(ladder, load)) return { ...ladder, good, bad: 0, sinceUp };
    const patience = Math.max(FIRST_PATIENCE, ladder.patience);
    if (lacksRoom(ladder, load.room ?? null))
      return { ...ladder, good: 0, bad: 0, refused: ladder.refused + 1, sinceUp, patience };
    const rung = isWide(load.room ?? null) ? Math.min(ladder.rung - 1, LAST_PICTURE) : ladder.rung - 1;
    return { ...ladder, rung, good: 0, bad: 0, refused: 0, sinceUp: 0, patience };
  }
  const bad = ladder.bad + 1;
  if (ladder.rung === LAST || (judgement === "bad" && bad < 3)) return { ...ladder, bad, good: 0, sinceUp };
  return down(ladder, judgement === "awful" ? fitting(load.availableOut) : 0);
}

/** The estimate has collapsed under a picture: nothing to wait for. Looked at several times a second. */
export function hasCollapsed(
  ladder: Ladder,
  availableOut: number | null,
  bitrateOut: number | null = null,
): boolean {
  if (RUNGS[ladder.rung]?.video !== true || isTrial(ladder)) return false;
  return room(availableOut, bitrateOut) < thinFor(ladder.rung);
}

/** To the last rung at once, for nothing is known of the way but that it takes less; which is why it is measured soon. */
export function drowned(ladder: Ladder): Ladder {
  const fallen = down(ladder, LAST);
  return { ...fallen, patience: ladder.sinceUp < HELD ? fallen.patience : SOON_PATIENCE };
}

/** Down at once, at least one rung and at most to the last. */
export function collapse(ladder: Ladder, availableOut: number | null): Ladder {
  return down(ladder, fitting(availableOut));
}

function down(ladder: Ladder, to: number): Ladder {
  const rung = Math.min(LAST, Math.max(ladder.rung + 1, to));
  const patience = ladder.sinceUp < HELD ? Math.min(MOST_PATIENCE, ladder.patience * 2) : FIRST_PATIENCE;
  return { ...ladder, rung, bad: 0, good: 0, patience, sinceUp: HELD, drained: 0 };
}

/** How sound is to be sent on this rung. */
export function soundOf(ladder: Ladder): Sound {
  const rate = RUNGS[ladder.rung]?.rate ?? FULL_SOUND.rate;
  return { rate, redundant: ladder.redundant, repeats: rate !== "thin" || ladder.drained === DRAINED };
}
