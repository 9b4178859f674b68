/** What the doctor has said to this person, and how long it may take; comes with the first such word. */
import { useEffect } from "react";
import type { Estimate, Notice } from "../../call";
import { Icon } from "../../components/icon";
import { sounds } from "../../components/sounds";
import { useI18n } from "../../i18n";

export default function Said({
  notice = null,
  estimate = null,
  refusal = null,
}: {
  notice?: Notice | null;
  estimate?: Estimate | null;
  /** Said with a refusal. */
  refusal?: string | null;
}) {
  const { t, format } = useI18n();
  const sentAt = notice?.sent_at;
  useEffect(() => {
    if (sentAt) sounds.message();
  }, [sentAt]);
  return (
    <>
      {notice && (
        <Word key={notice.sent_at} title={t("queue.notice")} text={notice.text}>
          <time dateTime={notice.sent_at} className="text-sm text-muted tabular-nums">
            {format.time(notice.sent_at)}
          </time>
        </Word>
      )}
      {refusal && <Word title={t("queue.refused.said")} text={refusal} />}
      {estimate && (
        <p className="flex gap-2">
          <Icon name="clock" size={20} className="mt-0.5 text-accent" />
          {estimate.min_minutes > 0 && estimate.min_minutes < estimate.max_minutes
            ? t("queue.estimate.between", { min: estimate.min_minutes, max: estimate.max_minutes })
            : t("queue.estimate.upto", { max: estimate.max_minutes })}
        </p>
      )}
    </>
  );
}

/** Read out at once when it comes. */
function Word({ title, text, children }: { title: string; text: string; children?: React.ReactNode }) {
  return (
    <div
      role="alert"
      className="flex gap-3 rounded-card border-2 border-accent bg-surface p-4 text-left motion-safe:animate-rise"
    >
      <Icon name="chat" className="text-accent" />
      <div className="grid min-w-0 flex-1 gap-1">
        <p className="font-semibold">{title}</p>
        <p dir="auto" className="break-words">
          {text}
        </p>
        {children}
      </div>
    </div>
  );
}
