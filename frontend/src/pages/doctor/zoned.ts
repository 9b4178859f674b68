/**
 * Wall clocks of any zone and the instants they show. Days are `2026-11-24`, times `14:30`, zones IANA names, instants
 * RFC 3339 in UTC. The browser's own zone plays no part.
 */

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

const clocks = new Map<string, Intl.DateTimeFormat>();

function clockOf(zone: string): Intl.DateTimeFormat {
  const known = clocks.get(zone);
  if (known) return known;
  const clock = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
  });
  clocks.set(zone, clock);
  return clock;
}

const rfc3339 = (ms: number) => new Date(ms).toISOString().replace(".000Z", "Z");

/** What a clock in `zone` shows at that instant. */
export function wallClock(at: string | Date, zone: string): { day: string; time: string } {
  const parts = clockOf(zone).formatToParts(new Date(at));
  const of = (type: Intl.DateTimeFormatPartTypes) => parts.find((part) => part.type === type)?.value ?? "";
  return { day: `${of("year")}-${of("month")}-${of("day")}`, time: `${of("hour")}:${of("minute")}` };
}

/** How far a clock in `zone` is from UTC then, in milliseconds. */
function offsetAt(ms: number, zone: string): number {
  const { day, time } = wallClock(new Date(ms), zone);
  return Date.parse(`${day}T${time}Z`) - Math.floor(ms / MINUTE_MS) * MINUTE_MS;
}

/** The instants at which a clock in `zone` shows this: none in an hour that a clock change skips, two in one that comes twice. */
export function instantsAt(day: string, time: string, zone: string): string[] {
  const shown = Date.parse(`${day}T${time}Z`);
  if (Number.isNaN(shown)) return [];
  const offsets = new Set([offsetAt(shown - DAY_MS, zone), offsetAt(shown + DAY_MS, zone)]);
  return [...offsets]
    .map((offset) => shown - offset)
    .filter((ms) => ms + offsetAt(ms, zone) === shown)
    .toSorted((one, other) => one - other)
    .map(rfc3339);
}

/** The first instant of a day: not every day begins at midnight. */
export function startOfDayIn(day: string, zone: string): string {
  const [midnight] = instantsAt(day, "00:00", zone);
  if (midnight) return midnight;
  for (let minute = 15; minute <= 180; minute += 15) {
    const [first] = instantsAt(day, timeOf(minute), zone);
    if (first) return first;
  }
  return `${day}T00:00:00Z`;
}

/** Whether the clock is changed on that day, forwards or back. */
export function changesClock(day: string, zone: string): boolean {
  const from = Date.parse(startOfDayIn(day, zone));
  const to = Date.parse(startOfDayIn(addDays(day, 1), zone));
  return to - from !== DAY_MS;
}

export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/** The seven days, from Monday, of the week that holds `day`. */
export function weekOf(day: string): string[] {
  const weekday = (new Date(`${day}T00:00Z`).getUTCDay() + 6) % 7;
  const monday = addDays(day, -weekday);
  return Array.from({ length: 7 }, (_, index) => addDays(monday, index));
}

/** Minutes since midnight as a time. */
export function timeOf(minutes: number): string {
  const two = (part: number) => String(part).padStart(2, "0");
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

export function minutesOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
}

/** Whether `text` is a day that there is. */
export function isDay(text: string | null): text is string {
  return (
    text !== null &&
    /^\d{4}-\d{2}-\d{2}$/.test(text) &&
    !Number.isNaN(Date.parse(`${text}T00:00Z`)) &&
    addDays(text, 0) === text
  );
}
