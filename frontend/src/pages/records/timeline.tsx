import type { TimelineEntry } from "../../api/types";
import { type I18n, useI18n } from "../../i18n";
import { ptBR } from "../../i18n/pt-BR";

type Named =
  | "joined"
  | "left"
  | "admitted"
  | "away"
  | "returned"
  | "waiting"
  | "consent"
  | "message"
  | "invited";
const NAMED = new Set<string>([
  "joined",
  "left",
  "admitted",
  "away",
  "returned",
  "waiting",
  "consent",
  "message",
  "invited",
] satisfies Named[]);
const PLAIN = new Set<string>(["call_started", "call_ended", "outcome"]);

/** One entry as a sentence. An event this page does not know keeps its own name rather than vanish. */
export function sentence(entry: TimelineEntry, { t }: Pick<I18n, "t">): string {
  if (NAMED.has(entry.event)) return t(`event.${entry.event as Named}`, { name: entry.name ?? "" });
  if (PLAIN.has(entry.event)) return t(`event.${entry.event as "call_started"}`);
  return t("event.generic", {
    event: [entry.name, entry.event.replace(/[_:]/g, " ")].filter(Boolean).join(": "),
  });
}

/** The detail of an entry in words, where it is a word of ours. */
export function detailWords(detail: string | null, { t }: Pick<I18n, "t">): string | null {
  if (!detail) return null;
  for (const key of [`event.by.${detail}`, `outcome.${detail}`, `role.${detail}`]) {
    if (key in ptBR) return t(key as "event.by.left");
  }
  return detail;
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
