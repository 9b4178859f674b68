/** Lets the right people of the staff through, and says to everybody else where to go. */
import { useEffect, useState } from "react";
import { Redirect, useLocation } from "wouter";
import { renewStaff, staffSession } from "../../api/session";
import type { StaffRole, UserOut } from "../../api/types";
import { ButtonLink } from "../../components/button";
import { Loading } from "../../components/loading";
import { Notice } from "../../components/notice";
import { Shell } from "../../components/shell";
import { useWatched } from "../../components/use-watched";
import { useI18n } from "../../i18n";
import { homeOf, SECURITY } from "./home";

const AGAIN_MS = 3000;

/** `only`: which of them; without it, whoever is signed in. */
export function Gate({ only, children }: { only?: StaffRole; children: (user: UserOut) => React.ReactNode }) {
  const { t, words } = useI18n();
  const session = useWatched(staffSession);
  const [path] = useLocation();
  const [silent, setSilent] = useState(false);
  useEffect(() => {
    if (session.is !== "unknown") return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = () =>
      void renewStaff().then(() => {
        if (staffSession.get().is !== "unknown") return;
        setSilent(true);
        timer = setTimeout(look, AGAIN_MS);
      });
    look();
    return () => clearTimeout(timer);
  }, [session.is]);

  if (session.is === "unknown")
    return (
      <Shell>
        {silent ? <Notice tone="calm" title={t("nav.offline")} /> : <Loading label={t("nav.gate")} />}
      </Shell>
    );
  if (session.is === "out") return <Redirect to={`/entrar?para=${encodeURIComponent(path)}`} replace />;
  // Until there is a second factor the server opens nothing else to this person.
  if (session.token.must_enrol && path !== SECURITY)
    return <Redirect to={`${SECURITY}?para=${encodeURIComponent(path)}`} replace />;
  if (!only || session.user.role === only) return children(session.user);
  const { title, next } = words("forbidden");
  return (
    <Shell>
      <Notice tone="warning" title={title}>
        <p>{next}</p>
        <p className="flex flex-wrap gap-2 pt-2">
          <ButtonLink to={homeOf(session.user)}>{t("start.staff.back")}</ButtonLink>
          <ButtonLink to={`/entrar?para=${encodeURIComponent(path)}`} look="secondary">
            {t("start.staff.enter")}
          </ButtonLink>
        </p>
      </Notice>
    </Shell>
  );
}
