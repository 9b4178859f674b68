import type { CallParticipant } from "../../api/types";
import { type I18n, useI18n } from "../../i18n";
import {
  ceiling,
  type Figure,
  HEIGHT,
  type Range,
  type Sample,
  type Span,
  spansOf,
  strokes,
  WIDTH,
} from "./quality-points";
import { QualityTable } from "./quality-table";
import { chartSentence, endWords, figureWords } from "./quality-words";

interface Measure {
  readonly title: `record.chart.${"rtt" | "loss" | "concealed" | "bitrate"}`;
  /** Received or ours first; the second one is drawn with dashes. */
  readonly figures: readonly [Figure, Figure?];
  /** The scale reaches at least so far, so that small trouble looks small. */
  readonly least: number;
}

const MEASURES: readonly Measure[] = [
  { title: "record.chart.rtt", figures: ["rtt_ms"], least: 200 },
  { title: "record.chart.loss", figures: ["loss_in", "loss_out"], least: 0.05 },
  { title: "record.chart.concealed", figures: ["concealed"], least: 0.05 },
  { title: "record.chart.bitrate", figures: ["bitrate_in", "bitrate_out"], least: 1e6 },
];

const MOST_LISTED = 8;
/** Below this length of a call its seconds matter. */
const SHORT_MS = 10 * 60_000;

const SOLID = "stroke-accent";
const DASHED = "stroke-warn [stroke-dasharray:5_4]";

/** One person's call in four small drawings over one time axis; interruptions run through all of them. */
export function QualityChart({
  person,
  samples,
  all,
  range,
  numbered,
}: {
  person: CallParticipant;
  samples: readonly Sample[];
  /** Everybody's samples: one scale for all, so that two people can be compared. */
  all: readonly Sample[];
  range: Range;
  /** Somebody was interrupted: room for the numbers here too, so that two drawings stand side by side. */
  numbered: boolean;
}) {
  const i18n = useI18n();
  const { format } = i18n;
  const clock = (at: number) =>
    (range.to - range.from < SHORT_MS ? format.seconds : format.time)(new Date(at));
  const spans = spansOf(person.interruptions, range);
  const times = [range.from, (range.from + range.to) / 2, range.to].map(clock);
  const sentence = chartSentence(person, times[0] ?? "", times[2] ?? "", i18n);
  return (
    <figure className="grid grid-cols-1 gap-3">
      <div role="img" aria-label={sentence} className="grid grid-cols-1 gap-2">
        {numbered && <Numbers spans={spans} />}
        {MEASURES.map((measure) => (
          <Plot
            key={measure.title}
            measure={measure}
            samples={samples}
            range={range}
            spans={spans}
            top={ceiling(
              all.flatMap((sample) => measure.figures.map((figure) => (figure ? sample[figure] : null))),
              measure.least,
            )}
          />
        ))}
        <p className="flex justify-between text-xs text-muted tabular-nums">
          {times.map((time, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: three marks at fixed places, two of which may read alike
            <span key={index}>{time}</span>
          ))}
        </p>
      </div>
      <figcaption className="grid grid-cols-1 gap-3">
        <Legend interrupted={spans.length > 0} />
        <Interruptions person={person} i18n={i18n} />
        <QualityTable name={person.name} samples={samples} />
      </figcaption>
    </figure>
  );
}

const percent = (share: number) => `${(share * 100).toFixed(2)}%`;

function Numbers({ spans }: { spans: readonly Span[] }) {
  return (
    <div className="relative h-5">
      {spans
        .filter(({ numbered }) => numbered)
        .map(({ left, width, number }) => (
          <span
            key={number}
            style={{ left: `clamp(0.6rem, ${percent(left + width / 2)}, 100% - 0.6rem)` }}
            className="absolute -translate-x-1/2 rounded-full bg-danger px-1.5 text-xs font-semibold text-on-danger tabular-nums"
          >
            {number}
          </span>
        ))}
    </div>
  );
}

function Plot({
  measure: { title, figures },
  samples,
  range,
  spans,
  top,
}: {
  measure: Measure;
  samples: readonly Sample[];
  range: Range;
  spans: readonly Span[];
  top: number;
}) {
  const i18n = useI18n();
  const { t } = i18n;
  const [first, second] = figures;
  return (
    <div>
      <p className="flex justify-between gap-2 text-sm">
        <span>{t(title)}</span>
        <span className="text-xs text-muted tabular-nums">
          {t("record.chart.range", { top: figureWords(first, top, i18n) })}
        </span>
      </p>
      {/* The drawing is stretched to the width there is; strokes and words are not. */}
      <svg
        aria-hidden="true"
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        className="block h-16 w-full overflow-visible [&_path]:fill-none [&_path]:[vector-effect:non-scaling-stroke]"
      >
        <path d={`M0 0H${WIDTH}M0 ${HEIGHT / 2}H${WIDTH}M0 ${HEIGHT}H${WIDTH}`} className="stroke-line" />
        {spans.map(({ left, width, number }) => (
          <g key={number}>
            <rect
              x={left * WIDTH}
              width={width * WIDTH}
              height={HEIGHT}
              className="fill-danger"
              opacity={0.18}
            />
            <path
              d={`M${left * WIDTH} 0V${HEIGHT}M${(left + width) * WIDTH} 0V${HEIGHT}`}
              className="stroke-danger"
              opacity={0.6}
            />
          </g>
        ))}
        {second && <path d={strokes(samples, second, range, top)} className={DASHED} {...STROKE} />}
        <path d={strokes(samples, first, range, top)} className={SOLID} {...STROKE} />
      </svg>
    </div>
  );
}

const STROKE = { strokeWidth: 2, strokeLinecap: "round", strokeLinejoin: "round" } as const;

function Legend({ interrupted }: { interrupted: boolean }) {
  const { t } = useI18n();
  const lines = [
    [SOLID, t("record.chart.received")],
    [DASHED, t("record.chart.sent")],
  ] as const;
  return (
    <ul className="flex flex-wrap gap-x-5 gap-y-1 text-sm text-muted">
      {lines.map(([look, words]) => (
        <li key={look} className="flex items-center gap-2">
          <svg aria-hidden="true" viewBox="0 0 32 8" className="h-2 w-8 fill-none">
            <path d="M1 4H31" className={look} strokeWidth={2} />
          </svg>
          {words}
        </li>
      ))}
      {interrupted && (
        <li className="flex items-center gap-2">
          <span aria-hidden="true" className="h-4 w-3 border-x border-danger/60 bg-danger/20" />
          {t("record.chart.interruption")}
        </li>
      )}
    </ul>
  );
}

function Interruptions({ person, i18n }: { person: CallParticipant; i18n: I18n }) {
  const { plural, term, format } = i18n;
  const more = person.interruptions.length - MOST_LISTED;
  if (person.interruptions.length === 0) return null;
  return (
    <div className="text-sm">
      <ol className="grid gap-1">
        {person.interruptions.slice(0, MOST_LISTED).map((one, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: their number is what they are called by
          <li key={index} className="flex gap-2 tabular-nums">
            <span className="h-5 min-w-5 rounded-full bg-danger px-1.5 text-center text-xs leading-5 font-semibold text-on-danger">
              {index + 1}
            </span>
            <span>
              {format.seconds(one.began_at)} · {term("event.by", one.cause)} · {endWords(one, i18n)}
            </span>
          </li>
        ))}
      </ol>
      {more > 0 && <p className="pt-1 text-muted">{plural("record.interruptions.more", more)}</p>}
    </div>
  );
}
