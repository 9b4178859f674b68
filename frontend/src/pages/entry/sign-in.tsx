/** /entrar: the staff's door. */
import { type FormEvent, useState } from "react";
import { Redirect, useSearch } from "wouter";
import { codeOf } from "../../api/client";
import { staffSession } from "../../api/session";
import { staff } from "../../api/staff";
import { Button } from "../../components/button";
import { Field } from "../../components/field";
import { Notice } from "../../components/notice";
import { Shell } from "../../components/shell";
import { useTitle } from "../../components/use-title";
import { useWatched } from "../../components/use-watched";
import { useI18n } from "../../i18n";
import { homeOf, wantedPath } from "../staff/home";

export default function SignInPage() {
  const { t, words } = useI18n();
  const session = useWatched(staffSession);
  const search = useSearch();
  const [entered, setEntered] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  useTitle(`${t("signin.title")} · ${t("app.name")}`);
  if (entered && session.is === "in")
    return <Redirect to={wantedPath(search, homeOf(session.user))} replace />;

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    setProblem(null);
    try {
      await staff.signIn(String(form.get("email")).trim(), String(form.get("password")));
      setEntered(true);
    } catch (error) {
      setProblem(codeOf(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Shell>
      <form onSubmit={(event) => void submit(event)} className="mx-auto grid max-w-sm gap-5 pt-8">
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
    </Shell>
  );
}
