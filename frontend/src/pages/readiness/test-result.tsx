import type { ReadinessOut } from "../../api/types";
import { Button } from "../../components/button";
import { Icon } from "../../components/icon";
import { Shell } from "../../components/shell";
import { useI18n } from "../../i18n";
import { causeWords } from "./words";

const LOOK = {
  green: { icon: "check", look: "bg-ok-soft text-ok" },
  amber: { icon: "alert", look: "bg-warn-soft text-warn" },
  red: { icon: "alert", look: "bg-danger-soft text-danger" },
} as const;

/** What the test came to, and the one next step of each thing it found. */
export function TestResult({
  clinic,
  result,
  onAgain,
}: {
  clinic: string;
  result: ReadinessOut;
  onAgain: () => void;
}) {
  const i18n = useI18n();
  const { t } = i18n;
  const { icon, look } = LOOK[result.light];
  return (
    <Shell
      arrive
      name={clinic}
      bottom={
        <Button size="big" look={result.light === "green" ? "secondary" : "primary"} onClick={onAgain}>
          {t("test.again")}
        </Button>
      }
    >
      <div
        role="status"
        data-light={result.light}
        className="grid justify-items-center gap-4 pt-8 text-center"
      >
        <span className={`grid size-16 place-items-center rounded-full ${look}`}>
          <Icon name={icon} size={32} />
        </span>
        <h1 className="text-2xl font-semibold">{t(`test.${result.light}`)}</h1>
        <p className="text-lg text-muted">{t(`test.${result.light}.next`)}</p>
      </div>
      <ul className="mt-6 grid gap-3">
        {result.causes.map((cause) => {
          const { title, next } = causeWords(cause, i18n);
          return (
            <li key={cause} data-cause={cause} className="rounded-card border border-line bg-surface p-4">
              <p className="font-semibold">{title}</p>
              <p>{next}</p>
            </li>
          );
        })}
      </ul>
    </Shell>
  );
}
