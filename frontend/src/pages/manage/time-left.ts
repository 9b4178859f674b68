/** How much of a deadline is left: whole days while there is more than one, then hours, rounded down; null when over. */
export type TimeLeft = { unit: "days" | "hours"; count: number } | null;

const HOUR_MS = 3_600_000;

export function timeLeft(due: string, now: Date): TimeLeft {
  const left = new Date(due).getTime() - now.getTime();
  if (left <= 0) return null;
  const hours = Math.floor(left / HOUR_MS);
  return hours >= 48 ? { unit: "days", count: Math.floor(hours / 24) } : { unit: "hours", count: hours };
}
