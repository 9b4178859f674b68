/** The figures of a call in words, for those who read them and those who hear them. */
import type { CallParticipant } from "../../api/types";
import type { I18n } from "../../i18n";
import type { Figure } from "./quality-points";

type Words = Pick<I18n, "t" | "plural" | "format">;
type Summary = NonNullable<CallParticipant["quality"]>;
type Interrupted = CallParticipant["interruptions"][number];

/** One value with its unit. */
export function figureWords(figure: Figure, value: number | null | undefined, { t, format }: Words): string {
  if (value == null) return t("app.none");
  if (figure === "rtt_ms") return `${format.number(value)} ms`;
  if (figure === "bitrate_in" || figure === "bitrate_out") return `${format.number(value / 1e6, 2)} Mbit/s`;
  return format.percent(value);
}

/** The mean and, where the record kept it, the worst. */
export function meanAndWorst(
  figure: "rtt_ms" | "loss_in" | "loss_out" | "concealed",
  summary: Summary,
  words: Words,
): string {
  const [mean, worst] = [summary[figure], summary[`${figure}_worst`]];
  const said = figureWords(figure, mean, words);
  if (mean == null || worst == null) return said;
  return words.t("record.figure.worst", { mean: said, worst: figureWords(figure, worst, words) });
}

/** "2 interrupções, 6,2 s no total". */
export function interruptionsWords(
  count: number | null | undefined,
  totalMs: number | null | undefined,
  { t, plural, format }: Words,
): string {
  if (count == null) return t("app.none");
  if (count === 0) return t("record.interruptions.none");
  const counted = plural("record.interruptions", count);
  return totalMs ? t("record.interruptions.total", { counted, time: format.length(totalMs) }) : counted;
}

/** How one interruption ended: its length and what was tried in it. */
export function endWords({ duration_ms, restarts }: Interrupted, { t, plural, format }: Words): string {
  const length = duration_ms === null ? t("record.interruption.open") : format.length(duration_ms);
  return restarts > 0 ? `${length} · ${plural("record.restarts", restarts)}` : length;
}

function limitedWords(
  { limited_bandwidth: network, limited_cpu: device }: Summary,
  { t, format }: Words,
): string {
  if (network == null || device == null) return t("app.none");
  if (network === 0 && device === 0) return t("record.figure.limited.never");
  return t("record.figure.limited.by", { network: format.percent(network), device: format.percent(device) });
}

function frozenWords({ freezes, freeze_ms }: Summary, { t, plural, format }: Words): string {
  if (freezes == null) return t("app.none");
  if (freezes === 0) return t("record.freezes.none");
  const counted = plural("record.freezes", freezes);
  return t("record.freezes.total", { counted, time: format.length(freeze_ms ?? 0) });
}

/** The rows of a summary: what is asked about a call when its single reports are gone. */
export function summaryRows(summary: Summary, words: Words): [string, string][] {
  const { t, format } = words;
  return [
    [t("record.chart.rtt"), meanAndWorst("rtt_ms", summary, words)],
    [t("record.figure.loss_in"), meanAndWorst("loss_in", summary, words)],
    [t("record.figure.loss_out"), meanAndWorst("loss_out", summary, words)],
    [t("record.chart.concealed"), meanAndWorst("concealed", summary, words)],
    [t("record.figure.frozen"), frozenWords(summary, words)],
    [t("record.figure.limited"), limitedWords(summary, words)],
    [
      t("record.figure.interruptions"),
      interruptionsWords(summary.interruptions, summary.interruption_ms, words),
    ],
    [t("record.figure.restarts"), summary.restarts == null ? t("app.none") : format.number(summary.restarts)],
  ];
}

/** The whole drawing in one sentence, for those who hear it. */
export function chartSentence(person: CallParticipant, from: string, to: string, words: Words): string {
  const { quality } = person;
  if (!quality) return words.t("record.chart.sentence.none", { name: person.name, from, to });
  return words.t("record.chart.sentence", {
    name: person.name,
    from,
    to,
    rtt: meanAndWorst("rtt_ms", quality, words),
    received: meanAndWorst("loss_in", quality, words),
    sent: meanAndWorst("loss_out", quality, words),
    concealed: meanAndWorst("concealed", quality, words),
    interruptions: interruptionsWords(quality.interruptions, quality.interruption_ms, words),
  });
}
