/** Only in demo mode: the accounts, and the e-mails that would have gone out. */
import { useCallback, useEffect, useState } from "react";
import { useLocation } from "wouter";
import { codeOf } from "../../api/client";
import { demo } from "../../api/demo";
import { staff } from "../../api/staff";
import type { DemoOut } from "../../api/types";
import { Button, ButtonLink } from "../../components/button";
import { Notice } from "../../components/notice";
import { useI18n } from "../../i18n";
import { homeOf } from "../staff/home";
import { Outbox } from "./outbox";

const REFRESH_MS = 5000;

export default function DemoBox() {
  const { t, words } = useI18n();
  const [, navigate] = useLocation();
  const [overview, setOverview] = useState<DemoOut | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const refresh = useCallback(() => {
    demo.overview().then(setOverview, (error: unknown) => setProblem(codeOf(error)));
  }, []);
  useEffect(() => {
    refresh();
    const timer = setInterval(() => document.visibilityState === "visible" && refresh(), REFRESH_MS);
    return () => clearInterval(timer);
  }, [refresh]);
  const enter = (email: string) => {
    if (!overview) return;
    staff.signIn(email, overview.password).then(
      ({ user }) => navigate(homeOf(user)),
      (error: unknown) => setProblem(codeOf(error)),
    );
  };
  return (
    <section
      aria-labelledby="demo"
      className="mt-4 grid grid-cols-1 gap-4 rounded-card border-2 border-accent bg-surface p-6"
    >
      <div>
        <h2 id="demo" className="text-xl font-semibold">
          {t("demo.title")}
        </h2>
        <p className="text-muted">{t("demo.lead")}</p>
      </div>
      {problem && (
        <Notice tone="problem" title={words(problem).title}>
          <p>{words(problem).next}</p>
        </Notice>
      )}
      {overview && (
        <>
          <div className="grid grid-cols-1 gap-4 sm:grid-cols-2">
            <Account name={t("demo.doctor")} email={overview.doctor_email}>
              <Button onClick={() => enter(overview.doctor_email)}>{t("demo.enter_doctor")}</Button>
            </Account>
            <Account name={t("demo.admin")} email={overview.admin_email}>
              <Button look="secondary" onClick={() => enter(overview.admin_email)}>
                {t("demo.enter_admin")}
              </Button>
            </Account>
          </div>
          <p>
            {t("demo.password")}:{" "}
            <code className="rounded bg-sunken px-2 py-1 break-all">{overview.password}</code>
          </p>
          <p>
            <ButtonLink to="/teste-video" look="quiet" icon="camera">
              {t("demo.two")}
            </ButtonLink>
          </p>
          <Outbox mails={overview.outbox} onRefresh={refresh} />
        </>
      )}
    </section>
  );
}

function Account({ name, email, children }: { name: string; email: string; children: React.ReactNode }) {
  return (
    <div className="grid gap-2 rounded-card border border-line p-4">
      <p>
        <strong>{name}</strong>
        <br />
        <code className="break-all">{email}</code>
      </p>
      {children}
    </div>
  );
}
