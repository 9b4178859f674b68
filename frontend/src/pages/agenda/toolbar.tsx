import { Button } from "../../components/button";
import { useI18n } from "../../i18n";
import { makeFormat } from "../../i18n/format";
import { isDay } from "../doctor/zoned";

export type View = "day" | "week";

/** Days are dates without a place: written as they stand. */
export const noonOf = (day: string) => `${day}T12:00:00Z`;

/** Which days are shown, and the ways to others. */
export function Toolbar({
  view,
  days,
  today,
  onView,
  onToday,
  onDay,
  onStep,
}: {
  view: View;
  days: readonly string[];
  today: string;
  onView: (view: View) => void;
  onToday: () => void;
  onDay: (day: string) => void;
  onStep: (steps: 1 | -1) => void;
}) {
  const { t, language } = useI18n();
  const format = makeFormat(language, "UTC");
  const [first = today] = days;
  const last = days.at(-1) ?? first;
  const title = view === "week" ? format.days(noonOf(first), noonOf(last)) : format.day(noonOf(first));
  const previous = t(view === "week" ? "agenda.previous.week" : "agenda.previous.day");
  const next = t(view === "week" ? "agenda.next.week" : "agenda.next.day");
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
      <div className="flex items-center gap-1">
        <Button look="secondary" onClick={() => onStep(-1)} aria-label={previous} className="w-11 px-0!">
          <span aria-hidden="true">‹</span>
        </Button>
        <Button look="secondary" onClick={onToday} disabled={days.includes(today) && view === "week"}>
          {t("agenda.today")}
        </Button>
        <Button look="secondary" onClick={() => onStep(1)} aria-label={next} className="w-11 px-0!">
          <span aria-hidden="true">›</span>
        </Button>
      </div>
      <fieldset className="ml-auto flex rounded-card border border-field bg-surface p-0.5 sm:order-1">
        <legend className="sr-only">{t("agenda.view")}</legend>
        {(["day", "week"] as const).map((one) => (
          <button
            key={one}
            type="button"
            aria-pressed={view === one}
            onClick={() => onView(one)}
            className="min-h-10 rounded-[10px] px-3 font-medium text-muted aria-pressed:bg-accent-soft aria-pressed:text-accent sm:px-4"
          >
            {t(`agenda.view.${one}`)}
          </button>
        ))}
      </fieldset>
      <h2
        aria-live="polite"
        className="min-w-0 flex-1 basis-40 text-lg font-semibold first-letter:uppercase sm:basis-56"
      >
        {title}
      </h2>
      <input
        type="date"
        aria-label={t("agenda.jump")}
        value={first}
        onChange={(event) => isDay(event.target.value) && onDay(event.target.value)}
        className="min-h-11 w-40 rounded-card border border-field bg-surface px-3 text-text"
      />
    </div>
  );
}
