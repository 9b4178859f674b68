/** The start page: what this is, where staff sign in, what to do with a link. */
import { lazy, Suspense, useEffect, useState } from "react";
import { renewStaff, staffSession } from "../../api/session";
import { ButtonLink } from "../../components/button";
import { Icon } from "../../components/icon";
import { Shell } from "../../components/shell";
import { useTitle } from "../../components/use-title";
import { useWatched } from "../../components/use-watched";
import { useI18n } from "../../i18n";
import { homeOf } from "../staff/home";
import { ClinicLines } from "./clinic-lines";
import { useConfig } from "./use-config";

const DemoBox = lazy(() => import("../demo/demo-box"));

export default function StartPage() {
  const { t } = useI18n();
  const config = useConfig();
  const session = useWatched(staffSession);
  const [asked] = useState(() => session.is !== "unknown");
  useTitle(config?.clinic_name || t("app.name"));
  useEffect(() => {
    if (!asked) void renewStaff();
  }, [asked]);
  const signedIn = session.is === "in" ? session.user : null;
  return (
    <Shell name={config?.clinic_name ?? null} wide>
      <section className="grid gap-3 py-6 sm:py-10">
        <h1 className="max-w-2xl text-3xl font-bold sm:text-4xl">{t("start.title")}</h1>
        <p className="max-w-2xl text-lg text-muted">{t("start.lead")}</p>
      </section>
      <div className="grid gap-4 md:grid-cols-2">
        <section className="grid content-start gap-3 rounded-card border border-line bg-surface p-6">
          <h2 className="flex items-center gap-2 text-xl font-semibold">
            <Icon name="mail" className="text-accent" />
            {t("start.link.title")}
          </h2>
          <p>{t("start.link.body")}</p>
          <p className="text-muted">{t("start.link.lost")}</p>
          <p className="text-muted">{t("start.link.webview")}</p>
          <p>
            <ButtonLink to="/teste-video" look="secondary" icon="camera">
              {t("start.test")}
            </ButtonLink>
          </p>
        </section>
        <section className="grid content-start gap-3 rounded-card border border-line bg-surface p-6">
          <h2 className="flex items-center gap-2 text-xl font-semibold">
            <Icon name="person" className="text-accent" />
            {t("start.staff.title")}
          </h2>
          <p>{t("start.staff.body")}</p>
          <p>
            {signedIn ? (
              <ButtonLink to={homeOf(signedIn)}>{t("start.staff.back")}</ButtonLink>
            ) : (
              <ButtonLink to="/entrar">{t("start.staff.enter")}</ButtonLink>
            )}
          </p>
        </section>
      </div>
      {config?.demo && (
        <Suspense>
          <DemoBox />
        </Suspense>
      )}
      <footer className="grid gap-1 py-8 text-sm text-muted">
        <ClinicLines />
        <p>{t("start.record")}</p>
        {config?.data_region && <p>{t("start.region", { region: config.data_region })}</p>}
      </footer>
    </Shell>
  );
}
