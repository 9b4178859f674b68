import type { FollowUpOut } from "../../api/types";
import { Notice } from "../../components/notice";
import { useI18n } from "../../i18n";
import type { Format } from "../../i18n/format";

/** A day without a time, as people read it: noon is the same day in every zone of the country. */
export const shownDay = (day: string | null, format: Format) => (day ? format.date(`${day}T12:00`) : "");

/** The 180 days are near, or over; nothing before day 150. */
export function FollowUpWarning({ known }: { known: FollowUpOut }) {
  const { t, format } = useI18n();
  if (known.level !== "due" && known.level !== "overdue") return null;
  return (
    <Notice
      tone="warning"
      title={t(`follow.${known.level}`, { days: known.days ?? 0, due: shownDay(known.due_on, format) })}
    >
      <p className="text-sm text-muted">{t("follow.rule")}</p>
    </Notice>
  );
}
