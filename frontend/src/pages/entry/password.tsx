/** /senha#TOKEN: who was invited, or whose password was reset, chooses one. */
import { type FormEvent, useEffect, useState } from "react";
import { account } from "../../api/account";
import { codeOf } from "../../api/client";
import type { PasswordLinkOut } from "../../api/types";
import { Button, ButtonLink } from "../../components/button";
import { Field } from "../../components/field";
import { Loading } from "../../components/loading";
import { Notice } from "../../components/notice";
import { Shell } from "../../components/shell";
import { useTitle } from "../../components/use-title";
import { useI18n } from "../../i18n";
import { useConfig } from "./use-config";

const SHORTEST = 12;
/** What trying again, by the same link, may mend. */
const PASSING = ["offline", "unavailable", "rate_limited", "internal"];

type Step =
  | { is: "looking" }
  | { is: "choosing"; link: PasswordLinkOut }
  | { is: "refused"; code: string }
  | { is: "done" };

/** The token leaves the address at once: it must not stay in the history, nor on somebody else's screen. */
function takeToken(): string {
  const token = location.hash.replace(/^#/, "");
  if (token) history.replaceState(history.state, "", location.pathname + location.search);
  return token;
}

export default function PasswordPage() {
  const { t, words } = useI18n();
  const config = useConfig();
  const [token] = useState(takeToken);
  const [step, setStep] = useState<Step>(token ? { is: "looking" } : { is: "refused", code: "invalid_link" });
  const [round, setRound] = useState(0);
  useTitle(`${t("password.title")} · ${t("app.name")}`);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new round asks again
  useEffect(() => {
    if (!token) return;
    let here = true;
    account.passwordLink(token).then(
      (link) => here && setStep({ is: "choosing", link }),
      (error: unknown) => here && setStep({ is: "refused", code: codeOf(error) }),
    );
    return () => {
      here = false;
    };
  }, [token, round]);
  return (
    <Shell name={config?.clinic_name ?? null}>
      <div className="mx-auto grid max-w-sm gap-5 pt-8">
        {step.is === "looking" && <Loading label={t("app.loading")} />}
        {step.is === "refused" && (
          <>
            <h1 className="text-2xl font-semibold">{t("password.title")}</h1>
            <Notice tone="problem" title={words(step.code).title}>
              <p>{words(step.code).next}</p>
            </Notice>
            {PASSING.includes(step.code) ? (
              <Button
                onClick={() => {
                  setStep({ is: "looking" });
                  setRound(round + 1);
                }}
              >
                {t("app.retry")}
              </Button>
            ) : (
              <ButtonLink to="/entrar" look="secondary">
                {t("start.staff.enter")}
              </ButtonLink>
            )}
          </>
        )}
        {step.is === "choosing" && (
          <Choose
            token={token}
            link={step.link}
            onDone={() => setStep({ is: "done" })}
            onDead={(code) => setStep({ is: "refused", code })}
          />
        )}
        {step.is === "done" && (
          <>
            <h1 className="sr-only">{t("password.done")}</h1>
            <Notice tone="good" title={t("password.done")}>
              <p>{t("password.done.next")}</p>
            </Notice>
            <ButtonLink to="/entrar" size="big">
              {t("signin.submit")}
            </ButtonLink>
          </>
        )}
      </div>
    </Shell>
  );
}

function Choose({
  token,
  link,
  onDone,
  onDead,
}: {
  token: string;
  link: PasswordLinkOut;
  onDone: () => void;
  onDead: (code: string) => void;
}) {
  const { t, words } = useI18n();
  const [problem, setProblem] = useState<string | null>(null);
  const [differ, setDiffer] = useState(false);
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const password = String(form.get("password"));
    const same = password === form.get("again");
    setDiffer(!same);
    if (!same) return;
    setBusy(true);
    setProblem(null);
    try {
      await account.choosePassword(token, password);
      onDone();
    } catch (error) {
      const code = codeOf(error);
      if (code === "weak_password" || PASSING.includes(code)) setProblem(code);
      else onDead(code);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form onSubmit={(event) => void submit(event)} className="grid gap-5">
      <div>
        <h1 className="text-2xl font-semibold">{t("password.title")}</h1>
        <p className="break-words text-muted">{t("password.lead", { name: link.name, email: link.email })}</p>
      </div>
      {problem && (
        <Notice tone="problem" title={words(problem).title}>
          <p>{words(problem).next}</p>
        </Notice>
      )}
      {/* For password managers, which keep a password under its account. */}
      <input type="text" name="username" autoComplete="username" value={link.email} readOnly hidden />
      <Field
        label={t("password.new")}
        name="password"
        type="password"
        autoComplete="new-password"
        minLength={SHORTEST}
        maxLength={128}
        hint={t("password.hint")}
        required
      />
      <Field
        label={t("password.repeat")}
        name="again"
        type="password"
        autoComplete="new-password"
        maxLength={128}
        error={differ ? t("password.differ") : null}
        required
      />
      <Button type="submit" size="big" disabled={busy}>
        {t("password.save")}
      </Button>
    </form>
  );
}
