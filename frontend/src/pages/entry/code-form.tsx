import { type FormEvent, useState } from "react";
import { Button } from "../../components/button";
import { Field } from "../../components/field";
import { Notice } from "../../components/notice";
import { useI18n } from "../../i18n";
import { useConfig } from "./use-config";

/** The second step: a code of the authenticator app, or one of those that were kept for the day it is lost. */
export function CodeForm({
  busy,
  problem,
  onCode,
  onBack,
}: {
  busy: boolean;
  problem: string | null;
  onCode: (code: string) => void;
  onBack: () => void;
}) {
  const { t, words } = useI18n();
  const clinic = useConfig()?.clinic_name || t("app.name");
  const [recovery, setRecovery] = useState(false);
  // The password was right a moment ago, so this can only be the code.
  const said =
    problem === "invalid_credentials"
      ? { title: t("signin.code.wrong"), next: t("signin.code.wrong.next") }
      : problem && words(problem);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    onCode(String(new FormData(event.currentTarget).get("otp")).trim());
  };
  return (
    <form onSubmit={submit} className="mx-auto grid max-w-sm gap-5 pt-8">
      <div>
        <h1 className="text-2xl font-semibold">{t("signin.code.title")}</h1>
        {!recovery && <p className="text-muted">{t("signin.code.lead", { clinic })}</p>}
      </div>
      {said && (
        <Notice tone="problem" title={said.title}>
          <p>{said.next}</p>
        </Notice>
      )}
      {recovery ? (
        <Field
          key="recovery"
          label={t("signin.code.recovery.label")}
          hint={t("signin.code.recovery.hint")}
          name="otp"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          maxLength={40}
          required
        />
      ) : (
        <Field
          key="app"
          label={t("factor.code")}
          hint={t("factor.code.hint")}
          name="otp"
          inputMode="numeric"
          autoComplete="one-time-code"
          maxLength={8}
          required
        />
      )}
      <Button type="submit" size="big" disabled={busy}>
        {busy ? t("signin.waiting") : t("signin.submit")}
      </Button>
      <div className="flex flex-wrap justify-between gap-2">
        <Button look="quiet" size="small" onClick={() => setRecovery(!recovery)}>
          {t(recovery ? "signin.code.app" : "signin.code.recovery")}
        </Button>
        <Button look="quiet" size="small" onClick={onBack}>
          {t("signin.back")}
        </Button>
      </div>
      <p className="text-sm text-muted">{t("signin.lost")}</p>
    </form>
  );
}
