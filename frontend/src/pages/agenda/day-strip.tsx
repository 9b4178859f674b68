import { useI18n } from "../../i18n";
import { makeFormat } from "../../i18n/format";
import { noonOf } from "./toolbar";

/** The week around a day: one tap to each of its neighbours, and how much there is. */
export function DayStrip({
  days,
  day,
  today,
  counts,
  onDay,
}: {
  days: readonly string[];
  day: string;
  today: string;
  counts: readonly number[];
  onDay: (day: string) => void;
}) {
  const { plural, language } = useI18n();
  const format = makeFormat(language, "UTC");
  return (
    <div className="grid grid-cols-7 gap-1">
      {days.map((one, index) => (
        <button
          key={one}
          type="button"
          onClick={() => onDay(one)}
          aria-current={one === day ? "date" : undefined}
          aria-label={`${format.day(noonOf(one))}, ${plural("agenda.count", counts[index] ?? 0)}`}
          className={`grid min-h-14 justify-items-center rounded-card border py-1.5 leading-tight ${
            one === day
              ? "border-accent bg-accent-soft text-accent"
              : "border-transparent text-muted hover:bg-sunken"
          }`}
        >
          <span className="text-xs">{format.weekday(noonOf(one))}</span>
          <span
            className={`font-semibold tabular-nums ${one === today ? "underline decoration-2 underline-offset-4" : ""} ${one === day ? "" : "text-text"}`}
          >
            {Number(one.slice(8))}
          </span>
          <span aria-hidden="true" className="h-4 text-xs tabular-nums">
            {counts[index] ? counts[index] : ""}
          </span>
        </button>
      ))}
    </div>
  );
}
