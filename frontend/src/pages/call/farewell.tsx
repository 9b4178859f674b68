import type { CallPhase } from "../../call";
import { Button, ButtonLink } from "../../components/button";
import { Icon } from "../../components/icon";
import { Shell } from "../../components/shell";
import { useI18n } from "../../i18n";
import { clock } from "../../i18n/format";
import { Said } from "../queue/later";

type Because = Extract<CallPhase, { is: "ended" }>["because"];

const OVER = new Set<Because>(["ended_by_doctor", "room_closed"]);

/** After the call: what happened, that the devices are off, and the way back where there is one. */
export function Farewell({
  because,
  doctor,
  seconds,
  clinic,
  refusal,
  onReturn,
  onConsent,
}: {
  because: Because;
  doctor: boolean;
  seconds: number;
  clinic: string | null;
  /** What the doctor said with a refusal. */
  refusal: string | null;
  onReturn: () => void;
  /** Back to the authorisation, for whoever took it back. */
  onConsent?: () => void;
}) {
  const { t, words } = useI18n();
  const said = {
    ended: { title: t("farewell.ended"), next: t("farewell.ended.next") },
    left: { title: t("farewell.left"), next: t("farewell.left.next") },
    timeout: { title: t("farewell.timeout"), next: t("farewell.timeout.next") },
  };
  const own = OVER.has(because)
    ? said.ended
    : because === "left" || because === "timeout"
      ? said[because]
      : null;
  const { title, next } = own ?? words(because);
  const mayReturn = because === "left" || because === "timeout";
  return (
    <Shell arrive name={clinic}>
      <div className="grid justify-items-center gap-4 pt-12 text-center">
        <span className="grid size-16 place-items-center rounded-full bg-accent-soft text-accent">
          <Icon name={own ? "check" : "alert"} size={32} />
        </span>
        <h1 className="text-2xl font-semibold">{title}</h1>
        <p role="status" className="text-lg text-muted">
          {next}
        </p>
        {refusal && <Said refusal={refusal} />}
        {seconds > 0 && <p className="tabular-nums">{t("farewell.duration", { time: clock(seconds) })}</p>}
      </div>
      <div className="mt-8 grid gap-3">
        {mayReturn && (
          <Button size="big" onClick={onReturn}>
            {t("farewell.return")}
          </Button>
        )}
        {because === "consent_withdrawn" && onConsent && (
          <Button size="big" look="secondary" onClick={onConsent}>
            {t("farewell.consent")}
          </Button>
        )}
        {doctor && (
          <>
            <ButtonLink to="/painel" size="big" look={mayReturn ? "secondary" : "primary"}>
              {t("farewell.dashboard")}
            </ButtonLink>
            <ButtonLink to="/painel/historico" size="big" look="secondary">
              {t("farewell.record")}
            </ButtonLink>
          </>
        )}
        {because === "signed_out" && (
          <ButtonLink to="/entrar" size="big">
            {t("again.signin")}
          </ButtonLink>
        )}
      </div>
    </Shell>
  );
}
