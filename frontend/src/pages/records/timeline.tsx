import type { TimelineEntry } from "../../api/types";
import { type I18n, useI18n } from "../../i18n";

type Named =
  | "arrived"
  | "admitted"
  | "away"
  | "back"
  | "left"
  | "path"
  | "trouble"
  | "trouble_over"
  | "phone_wished"
  | "consented"
  | "consent_withdrawn"
  | "consent_overridden";
type Plain = "call_started" | "call_ended" | "room_closed" | "continued_by_phone";
const NAMED: readonly string[] = [
  "arrived",
  "admitted",
  "away",
  "back",
  "left",
  "path",
  "trouble",
  "trouble_over",
  "phone_wished",
  "consented",
  "consent_withdrawn",
  "consent_overridden",
] satisfies Named[];
const PLAIN: readonly string[] = [
  "call_started",
  "call_ended",
  "room_closed",
  "continued_by_phone",
] satisfies Plain[];

const isNamed = (event: string): event is Named => NAMED.includes(event);
const isPlain = (event: string): event is Plain => PLAIN.includes(event);

/** One entry as a sentence. An event this page does not know keeps its own name rather than vanish. */
export function sentence(
  { event, name, duration_ms }: TimelineEntry,
  { t, format }: Pick<I18n, "t" | "format">,
): string {
  if (event === "interrupted")
    return duration_ms === null
      ? t("event.interrupted.open", { name: name ?? "" })
      : t("event.interrupted", { name: name ?? "", time: format.length(duration_ms) });
  if (isNamed(event)) return t(`event.${event}`, { name: name ?? "" });
  if (isPlain(event)) return t(`event.${event}`);
  return t("event.generic", { event: [name, event.replace(/[_:]/g, " ")].filter(Boolean).join(": ") });
}

/** The detail of an entry in words, where it is a word of ours. */
export function detailWords(detail: string | null, { t, term }: Pick<I18n, "t" | "term">): string | null {
  if (!detail) return null;
  const [, kind, protocol] = /^(direct|relay) (udp|tcp|tls)$/.exec(detail) ?? [];
  if (kind && protocol)
    return t(kind === "direct" ? "event.by.direct" : "event.by.relay", { protocol: protocol.toUpperCase() });
  return term("event.by", detail);
}

export function Timeline({ entries }: { entries: readonly TimelineEntry[] }) {
  const i18n = useI18n();
  return (
    <ol className="grid gap-0 border-l-2 border-line">
      {entries.map((entry, index) => {
        const detail = detailWords(entry.detail, i18n);
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a record's entries never change their places
          <li key={index} className="relative pb-3 pl-5 last:pb-0">
            <span aria-hidden="true" className="absolute top-2 -left-[7px] size-3 rounded-full bg-accent" />
            <time dateTime={entry.at} className="text-sm text-muted tabular-nums">
              {i18n.format.seconds(entry.at)}
            </time>
            <p>
              {sentence(entry, i18n)}
              {detail && <span className="text-muted"> ({detail})</span>}
            </p>
          </li>
        );
      })}
    </ol>
  );
}
