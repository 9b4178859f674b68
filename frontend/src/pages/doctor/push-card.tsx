import { useEffect, useState } from "react";
import { ApiError, codeOf } from "../../api/client";
import { staff } from "../../api/staff";
import { Button } from "../../components/button";
import { useI18n } from "../../i18n";
import { type PushState, pushState, turnOff, turnOn } from "../queue/push";
import { ProblemNotice } from "../staff/problem";

/** Being told in this browser when somebody comes while the dashboard is out of sight. */
export function PushCard() {
  const { t, language } = useI18n();
  const [state, setState] = useState<PushState | null>(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const [tried, setTried] = useState(false);
  useEffect(() => {
    void pushState().then(setState);
  }, []);
  const carryOut = async (change: () => Promise<PushState>) => {
    setBusy(true);
    setProblem(null);
    setTried(false);
    try {
      setState(await change());
    } catch (error) {
      // What the browser itself refuses has no code of ours.
      setProblem(codeOf(error) === "unknown" ? new ApiError({ status: 0, code: "push_unsupported" }) : error);
    }
    setBusy(false);
  };
  const on = () =>
    carryOut(async () => turnOn((await staff.pushKey()).public_key, language, staff.subscribePush));
  const off = () => carryOut(() => turnOff(staff.unsubscribePush));
  const attempt = () =>
    carryOut(async () => {
      await staff.tryPush();
      setTried(true);
      return "on";
    });
  if (state === null) return null;
  return (
    <section aria-labelledby="push" className="grid gap-2 rounded-card border border-line bg-surface p-4">
      <h2 id="push" className="font-semibold">
        {t("push.title")}
      </h2>
      <p className="text-sm text-muted">{t(`push.${state}`)}</p>
      {problem !== null && <ProblemNotice error={problem} />}
      {tried && (
        <p role="status" className="text-sm text-ok">
          {t("push.tried")}
        </p>
      )}
      {state === "off" && (
        <div>
          <Button look="secondary" size="small" disabled={busy} onClick={() => void on()}>
            {t("push.turn_on")}
          </Button>
        </div>
      )}
      {state === "on" && (
        <div className="flex flex-wrap gap-2">
          <Button look="secondary" size="small" disabled={busy} onClick={() => void attempt()}>
            {t("push.try")}
          </Button>
          <Button look="quiet" size="small" disabled={busy} onClick={() => void off()}>
            {t("push.turn_off")}
          </Button>
        </div>
      )}
    </section>
  );
}
