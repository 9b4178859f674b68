import type { Grade } from "../../call";
import { Icon } from "../../components/icon";
import { useI18n } from "../../i18n";

const LOOK = { good: "text-[#8ee6b0]", fair: "text-[#ffd479]", poor: "text-[#ffb4ab]" } as const;

/** The connection as bars (their number tells, not the colour alone) and in words for the ear. */
export function QualityMark({ grade }: { grade: Grade | null }) {
  const { t } = useI18n();
  const label = t(`call.quality.${grade ?? "unknown"}`);
  return (
    <span className={`flex items-center ${grade ? LOOK[grade] : "text-stage-muted"}`} title={label}>
      <Icon name={grade ? `signal_${grade}` : "dots"} size={18} />
      <span className="sr-only">{label}</span>
    </span>
  );
}
