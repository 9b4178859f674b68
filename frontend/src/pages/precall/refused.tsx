import { useEffect } from "react";
import { serverNow } from "../../clock";
import { Button, ButtonLink } from "../../components/button";
import { Icon } from "../../components/icon";
import { Shell } from "../../components/shell";
import { sounds } from "../../components/sounds";
import { type I18n, useI18n } from "../../i18n";
import { RemindMe } from "../queue/later";

/** Refusals that trying again may change. */
const HOPEFUL = new Set([
  "room_full",
  "offline",
  "unavailable",
  "rate_limited",
  "too_early",
  "unknown",
  "timeout",
]);
const FOR_STAFF = new Set(["session_ended", "signed_out", "forbidden"]);
const LONGEST_TIMER = 2 ** 31 - 1;

/** When the room opens: the hour alone today, else with its day. */
function opening(opensAt: string, { t, format }: Pick<I18n, "t" | "format">): string {
  const time = format.time(opensAt);
  if (format.sameDay(opensAt, serverNow())) return t("refused.opens.today", { time });
  return t("refused.opens.day", { time, day: format.day(opensAt) });
}

/** Why one may not come in, in words, with the one next step. */
export function Refused({
  code,
  opensAt,
  onRetry,
  staff = false,
}: {
  code: string;
  opensAt: string | null;
  onRetry: () => void;
  staff?: boolean;
}) {
  const { t, words, format } = useI18n();
  const time = opensAt ? opening(opensAt, { t, format }) : "";
  const { title, next } = words(code, { time });
  useEffect(() => {
    if (code !== "too_early" || !opensAt) return;
    const wait = Math.min(
      Math.max(new Date(opensAt).getTime() - serverNow().getTime(), 0) + 1000,
      LONGEST_TIMER,
    );
    const timer = setTimeout(() => {
      sounds.arrival();
      onRetry();
    }, wait);
    return () => clearTimeout(timer);
  }, [code, opensAt, onRetry]);
  return (
    <Shell arrive>
      <div role="alert" className="grid justify-items-center gap-4 pt-12 text-center">
        <span className="grid size-16 place-items-center rounded-full bg-warn-soft text-warn">
          <Icon name={code === "too_early" ? "clock" : "alert"} size={32} />
        </span>
        <h1 className="text-2xl font-semibold">{title}</h1>
        <p className="text-lg text-muted">{next}</p>
      </div>
      <div className="mt-8 grid gap-3">
        {code === "too_early" && <RemindMe />}
        {code === "protocol" && (
          <Button size="big" onClick={() => location.reload()}>
            {t("app.reload")}
          </Button>
        )}
        {code === "consent_required" && (
          <Button size="big" onClick={onRetry}>
            {t("caller.continue")}
          </Button>
        )}
        {HOPEFUL.has(code) && (
          <Button size="big" onClick={onRetry}>
            {t("app.retry")}
          </Button>
        )}
        {(staff || FOR_STAFF.has(code)) && (
          <ButtonLink
            to={`/entrar?para=${encodeURIComponent(location.pathname)}`}
            size="big"
            look={HOPEFUL.has(code) ? "secondary" : "primary"}
          >
            {t("again.signin")}
          </ButtonLink>
        )}
      </div>
    </Shell>
  );
}
