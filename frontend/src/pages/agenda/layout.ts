/** Where a day's rooms lie on its grid. Pure; minutes are since midnight by the clinic's clock. */
import type { RoomOut } from "../../api/types";
import { minutesOf, wallClock } from "../doctor/zoned";

export interface Placed {
  room: RoomOut;
  /** Minutes since midnight; what goes on beyond it ends with the day. */
  from: number;
  to: number;
  /** Side by side with others: the column it stands in, and how many there are. */
  lane: number;
  lanes: number;
}

const DAY_MINUTES = 24 * 60;
/** The least height that a name fits in. */
const LEAST_MINUTES = 20;
const OPENS = 8;
const CLOSES = 18;

const overlap = (one: RoomOut, other: RoomOut) =>
  one.starts_at < other.ends_at && other.starts_at < one.ends_at;

/** What belongs on an agenda: nothing of the demonstration, and of what is over only what nothing has taken the place of. */
export function onAgenda(rooms: readonly RoomOut[]): RoomOut[] {
  const shown = rooms.filter((room) => !room.demo && (room.scheduled || room.state === "open"));
  const standing = shown.filter((room) => room.state === "open");
  return shown
    .filter((room) => room.state === "open" || !standing.some((other) => overlap(room, other)))
    .toSorted((one, other) => one.starts_at.localeCompare(other.starts_at) || one.id.localeCompare(other.id));
}

/** The rooms that begin on each day. */
export function byDay(rooms: readonly RoomOut[], days: readonly string[], zone: string): RoomOut[][] {
  const of = new Map<string, RoomOut[]>(days.map((day) => [day, []]));
  for (const room of rooms) of.get(wallClock(room.starts_at, zone).day)?.push(room);
  return days.map((day) => of.get(day) ?? []);
}

/** One day's rooms, those at the same time side by side. */
export function placed(rooms: readonly RoomOut[], zone: string): Placed[] {
  const found: Placed[] = [];
  let group: Placed[] = [];
  let end = Number.NEGATIVE_INFINITY;
  const close = () => {
    const lanes = Math.max(1, ...group.map(({ lane }) => lane + 1));
    found.push(...group.map((one) => ({ ...one, lanes })));
    group = [];
  };
  for (const room of rooms) {
    const { from, to } = span(room, zone);
    if (from >= end) close();
    const taken = new Set(group.filter((other) => other.to > from).map(({ lane }) => lane));
    let lane = 0;
    while (taken.has(lane)) lane++;
    group.push({ room, from, to, lane, lanes: 1 });
    end = Math.max(end, to);
  }
  close();
  return found;
}

function span(room: RoomOut, zone: string): { from: number; to: number } {
  const begins = wallClock(room.starts_at, zone);
  const from = minutesOf(begins.time);
  const lasts = (Date.parse(room.ends_at) - Date.parse(room.starts_at)) / 60_000;
  return { from, to: Math.min(DAY_MINUTES, from + Math.max(lasts, LEAST_MINUTES)) };
}

/** The hours to draw: the clinic's usual ones, and as many more as something lies in. */
export function hoursOf(days: readonly (readonly Placed[])[]): { first: number; last: number } {
  const all = days.flat();
  return {
    first: Math.min(OPENS, ...all.map(({ from }) => Math.floor(from / 60))),
    last: Math.max(CLOSES, ...all.map(({ to }) => Math.ceil(to / 60))),
  };
}
