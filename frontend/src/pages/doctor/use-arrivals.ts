import { useEffect, useRef } from "react";
import type { WaitingEntry } from "../../call";
import { sounds } from "../../components/sounds";
import { useTitle } from "../../components/use-title";
import { useI18n } from "../../i18n";

/** A chime for each arrival and the count in the tab's title; whoever waited before the page opened is no arrival. */
export function useArrivals(waiting: readonly WaitingEntry[] | null): void {
  const { t, plural } = useI18n();
  const known = useRef<ReadonlySet<string> | null>(null);
  const count = waiting?.length ?? 0;
  useTitle(count > 0 ? plural("panel.waiting.title", count) : `${t("panel.title")} · ${t("app.name")}`);
  useEffect(() => {
    if (!waiting) return;
    const before = known.current;
    if (before && waiting.some((entry) => !before.has(entry.participant.id))) sounds.arrival();
    known.current = new Set(waiting.map((entry) => entry.participant.id));
  }, [waiting]);
}
