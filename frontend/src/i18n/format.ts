/** Dates, times and lengths in people's words. Instants are RFC 3339 strings or Dates; zones are IANA names. */
import type { Language } from "./language";

export type Instant = string | Date;

const asDate = (at: Instant) => (typeof at === "string" ? new Date(at) : at);

/** The zone of the person before the screen. */
export const hereZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

export function makeFormat(language: Language, timeZone: string = hereZone()) {
  const dayKey = new Intl.DateTimeFormat("en-CA", { dateStyle: "short", timeZone });
  const zoned = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(language, { ...options, timeZone });
  const time = zoned({ hour: "2-digit", minute: "2-digit" });
  const seconds = zoned({ hour: "2-digit", minute: "2-digit", second: "2-digit" });
  const day = zoned({ weekday: "long", day: "numeric", month: "long" });
  const date = zoned({ day: "2-digit", month: "2-digit", year: "numeric" });
  const shortDay = zoned({ weekday: "short", day: "numeric", month: "short" });
  const weekday = zoned({ weekday: "short" });
  const zone = zoned({ timeZoneName: "short" });
  return {
    /** 14:05 */
    time: (at: Instant) => time.format(asDate(at)),
    /** 14:05:09 */
    seconds: (at: Instant) => seconds.format(asDate(at)),
    /** terça-feira, 24 de novembro */
    day: (at: Instant) => day.format(asDate(at)),
    /** 24/11/2026 */
    date: (at: Instant) => date.format(asDate(at)),
    /** 24/11/2026 14:05 */
    moment: (at: Instant) => `${date.format(asDate(at))} ${time.format(asDate(at))}`,
    /** ter., 24 de nov. */
    shortDay: (at: Instant) => shortDay.format(asDate(at)),
    /** ter */
    weekday: (at: Instant) => weekday.format(asDate(at)).replace(/\.$/, ""),
    /** From the first to the last day, as in 23 – 29 de nov. de 2026. */
    days: (from: Instant, to: Instant) =>
      zoned({ day: "numeric", month: "short", year: "numeric" }).formatRange(asDate(from), asDate(to)),
    /** GMT-3 */
    zone: (at: Instant) =>
      zone.formatToParts(asDate(at)).find((part) => part.type === "timeZoneName")?.value ?? timeZone,
    sameDay: (one: Instant, other: Instant) => dayKey.format(asDate(one)) === dayKey.format(asDate(other)),
    /** A share 0..1 as 3 %. */
    percent: (share: number) =>
      new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 1 }).format(share),
    /** Milliseconds as 4,2 s, and from a minute on as 1 min 5 s. */
    length: (ms: number) => {
      const one = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
      if (ms < 59_950) return `${one.format(ms / 1_000)} s`;
      const whole = Math.round(ms / 1_000);
      return `${one.format(Math.floor(whole / 60))} min ${whole % 60} s`;
    },
    number: (value: number, digits = 0) =>
      new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(value),
  };
}

export type Format = ReturnType<typeof makeFormat>;

/** Seconds as a clock: 65 is 1:05, 3700 is 1:01:40. */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (part: number) => String(part).padStart(2, "0");
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

/** The start of day `date` (`2026-11-24`) here, moved by `days`, as RFC 3339 UTC. */
export function startOfDay(date: string, days = 0): string {
  const at = new Date(`${date}T00:00`);
  at.setDate(at.getDate() + days);
  return at.toISOString().replace(".000Z", "Z");
}
