import type { FormEvent } from "react";
import { Button } from "../../components/button";
import { Field } from "../../components/field";
import { Notice } from "../../components/notice";
import { useI18n } from "../../i18n";
import type { Credentials } from "./sign-in";

/** The first step of signing in. */
export function PasswordForm({
  busy,
  problem,
  onSubmit,
}: {
  busy: boolean;
  problem: string | null;
  onSubmit: (credentials: Credentials) => void;
}) {
  const { t, words } = useI18n();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    onSubmit({ email: String(form.get("email")).trim(), password: String(form.get("password")) });
  };
  return (
    <form onSubmit={submit} className="mx-auto grid max-w-sm gap-5 pt-8">
      <div>
        <h1 className="text-2xl font-semibold">{t("signin.title")}</h1>
        <p className="text-muted">{t("signin.lead")}</p>
      </div>
      {problem && (
        <Notice tone="problem" title={words(problem).title}>
          <p>{words(problem).next}</p>
        </Notice>
      )}
      <Field label={t("signin.email")} name="email" type="email" autoComplete="username" required />
      <Field
        label={t("signin.password")}
        name="password"
        type="password"
        autoComplete="current-password"
        required
      />
      <Button type="submit" size="big" disabled={busy}>
        {busy ? t("signin.waiting") : t("signin.submit")}
      </Button>
      <p className="text-sm text-muted">{t("signin.patient")}</p>
    </form>
  );
}
