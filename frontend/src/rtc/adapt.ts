/** The ladder that lowers the picture so that the sound survives, and how the sound is sent on each rung. Pure. */

import { USABLE } from "./estimate";
import {
  bound,
  isTrial,
  type Judgement,
  judge,
  LOSSY,
  type Load,
  QUEUE,
  queueOf,
  SCARCE,
  type Standing,
  THIN,
  thinFor,
} from "./judgement";
import { fitting, LAST, LAST_PICTURE, RUNGS, type Rung } from "./rungs";
import { FULL_SOUND, type Sound } from "./sound";

const FIRST_PATIENCE = 6;
const SOON_PATIENCE = 3;
const MOST_PATIENCE = 96;
/** Looks in a row, none of them good, before a step down. */
const LOOKS = { awful: 1, scarce: 2, bad: 3 } as const;
/** So many refusals, and a step up is tried all the same: a measurement may be wrong for ever. */
const MOST_REFUSED = 6;
const HELD = 10;
/** Good looks after a fall until the queue is taken to be empty. */
const DRAINED = 3;
/** Share of the thinnest sound that is lost before it is worth asking for it again. */
const MISSING = 0.03;
/** From this rung on a step up is measured before: a link of little more than is sent shows it in no estimate. */
const MEASURED = 3;
/** Looks in a row that show loss before sound is sent twice, and without it before it is sent once again. */
const REDUNDANT_AFTER = 2;
const SINGLE_AFTER = 15;
/** The loss that speaks for it and against it, by how far they are, ms: over a long way what is asked for comes too late. */
const FAR = 120;
const REDUNDANCY = { near: { from: 0.03, to: 0.01 }, far: { from: 0.008, to: 0.003 } } as const;

export interface Ladder extends Standing {
  readonly bad: number;
  readonly good: number;
  /** Good looks needed for the next step up: doubles when a step up did not hold. */
  readonly patience: number;
  /** Steps up that the measured room forbade, in a row. */
  readonly refused: number;
  readonly redundant: boolean;
  /** Looks in a row that spoke for the other way of sending sound. */
  readonly doubt: number;
  /** Good looks in a row since the last step down, counted to `DRAINED` and kept. */
  readonly drained: number;
  /** Whether sound has been lost since then, with the queue empty. */
  readonly missing: boolean;
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
  missing: true,
};

/** Whether the way has to be measured now: before a step up, and where an estimate that is all too small may be wrong. */
export function wantsRoom(ladder: Ladder, load: Load): boolean {
  if (ladder.rung >= MEASURED && ladder.good + 1 >= ladder.patience) return true;
  const queue = queueOf(load.figures.rtt_ms, ladder.base);
  return ladder.bad === 1 && queue <= QUEUE.some && judge(load, ladder) === "scarce";
}

/** Whether the room that was measured is too small for the rung above: trying it would cost the sound. */
function lacksRoom({ rung, refused }: Ladder, room: number | null): boolean {
  if (room === null || rung < MEASURED || refused >= MOST_REFUSED) return false;
  const above = RUNGS[rung - 1] as Rung;
  return room < (rung - 1 === LAST_PICTURE ? THIN : above.needs / USABLE);
}

/** Whether the estimate has room for the rung above, as far as it can tell with the picture that is sent. */
function hasRoom({ rung }: Ladder, { figures, availableOut }: Load): boolean {
  return rung > LAST_PICTURE || bound(availableOut, figures.bitrate_out) >= (RUNGS[rung - 1] as Rung).needs;
}

/** Room in which a picture needs no step in between. */
function isWide(room: number | null): boolean {
  return room !== null && room >= THIN / USABLE;
}

/** Whether looks of loss or without it have come to change how sound is sent. The last rung has no room to send it twice. */
function sounding(ladder: Ladder, load: Load): Pick<Ladder, "redundant" | "doubt"> {
  if (ladder.rung === LAST) return { redundant: false, doubt: 0 };
  const { loss_out } = load.figures;
  const loss = loss_out === null ? null : Math.max(loss_out, load.missed ?? 0);
  const room = (load.availableOut ?? Number.POSITIVE_INFINITY) >= THIN || (loss ?? 0) > LOSSY;
  const scarce = (load.availableOut ?? Number.POSITIVE_INFINITY) < SCARCE;
  const queues = scarce && queueOf(load.figures.rtt_ms, ladder.base) > QUEUE.some;
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

/** Whether the queue has drained since the last fall, and whether sound has been lost since it did. */
function drained(
  ladder: Ladder,
  judgement: Judgement,
  loss: number | null,
): Pick<Ladder, "drained" | "missing"> {
  if (ladder.drained === DRAINED)
    return { drained: DRAINED, missing: ladder.missing || (loss ?? 0) > MISSING };
  return { drained: judgement === "good" ? ladder.drained + 1 : 0, missing: false };
}

/** One look of two seconds. */
export function step(before: Ladder, load: Load): Ladder {
  const base = shortest(before.base, load.figures.rtt_ms);
  const heard = { ...before, base, ...sounding({ ...before, base }, load) };
  const judgement = judge(load, heard);
  const ladder = { ...heard, ...drained(heard, judgement, load.figures.loss_out) };
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
  if (ladder.rung === LAST || bad < LOOKS[judgement]) return { ...ladder, bad, good: 0, sinceUp };
  return down(ladder, judgement === "bad" ? 0 : fitting(load.availableOut));
}

/** The estimate has collapsed under a picture: nothing to wait for. Looked at several times a second. */
export function hasCollapsed(
  ladder: Ladder,
  availableOut: number | null,
  bitrateOut: number | null = null,
): boolean {
  if (RUNGS[ladder.rung]?.video !== true || isTrial(ladder)) return false;
  return bound(availableOut, bitrateOut) < thinFor(ladder.rung);
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
  return { ...ladder, rung, bad: 0, good: 0, patience, sinceUp: HELD, drained: 0, missing: false };
}

/**
 * How sound is to be sent on this rung. The thinnest is asked for again only where it is lost without a queue: into a full
 * one each repeat keeps it full and comes too late to be heard, and to change the way of sending costs a moment of sound.
 */
export function soundOf(ladder: Ladder): Sound {
  const rate = RUNGS[ladder.rung]?.rate ?? FULL_SOUND.rate;
  return { rate, redundant: rate !== "thin" && ladder.redundant, repeats: rate !== "thin" || ladder.missing };
}
