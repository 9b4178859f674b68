/** /entrar: the staff's door. Whoever has a second factor is asked for its code after the password. */
import { useState } from "react";
import { Redirect, useSearch } from "wouter";
import { codeOf } from "../../api/client";
import { staffSession } from "../../api/session";
import { staff } from "../../api/staff";
import { Shell } from "../../components/shell";
import { useTitle } from "../../components/use-title";
import { useWatched } from "../../components/use-watched";
import { useI18n } from "../../i18n";
import { homeOf, wantedPath } from "../staff/home";
import { CodeForm } from "./code-form";
import { PasswordForm } from "./password-form";

/** What was accepted so far; it lives as long as this page does. */
export interface Credentials {
  email: string;
  password: string;
}

export default function SignInPage() {
  const { t } = useI18n();
  const session = useWatched(staffSession);
  const search = useSearch();
  const [entered, setEntered] = useState(false);
  const [accepted, setAccepted] = useState<Credentials | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  useTitle(`${t("signin.title")} · ${t("app.name")}`);
  if (entered && session.is === "in")
    return <Redirect to={wantedPath(search, homeOf(session.user))} replace />;

  const tryIn = async (credentials: Credentials, otp?: string) => {
    setBusy(true);
    setProblem(null);
    try {
      await staff.signIn(credentials.email, credentials.password, otp);
      setEntered(true);
    } catch (error) {
      const code = codeOf(error);
      if (code === "otp_required") setAccepted(credentials);
      else setProblem(code);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Shell key={accepted ? "code" : "password"} arrive={accepted !== null}>
      {accepted ? (
        <CodeForm
          busy={busy}
          problem={problem}
          onCode={(code) => void tryIn(accepted, code)}
          onBack={() => {
            setAccepted(null);
            setProblem(null);
          }}
        />
      ) : (
        <PasswordForm busy={busy} problem={problem} onSubmit={(credentials) => void tryIn(credentials)} />
      )}
    </Shell>
  );
}
