/** Every address of the app in one table. Staff pages come in chunks of their own; the patient's is always here. */
import { type ComponentType, lazy, Suspense } from "react";
import { Route, Switch } from "wouter";
import { Boundary } from "./components/boundary";
import { Loading } from "./components/loading";
import { I18nProvider, useI18n } from "./i18n";
import { NotFound } from "./pages/entry/not-found";
import { watchAddress } from "./pages/precall/link-token";
import PatientPage from "./pages/precall/patient";
import "./styles/app.css";

// Before anything is drawn or asked: a personal link's token must not stay in the address.
watchAddress();

const PAGES: readonly (readonly [path: string, page: ComponentType])[] = [
  ["/", lazy(() => import("./pages/entry/start"))],
  ["/entrar", lazy(() => import("./pages/entry/sign-in"))],
  ["/teste-video", lazy(() => import("./pages/demo/test-video"))],
  ["/paciente/:roomId", PatientPage],
  ["/video", lazy(() => import("./pages/doctor/instant"))],
  ["/video/:roomId", PatientPage],
  ["/medico/:roomId", lazy(() => import("./pages/doctor/room"))],
  ["/painel", lazy(() => import("./pages/doctor/dashboard"))],
  ["/painel/historico", lazy(() => import("./pages/doctor/history"))],
  ["/painel/historico/:callId", lazy(() => import("./pages/doctor/record"))],
  ["/admin", lazy(() => import("./pages/admin/calls"))],
  ["/admin/consultas/:callId", lazy(() => import("./pages/admin/record"))],
  ["/admin/auditoria", lazy(() => import("./pages/admin/audit"))],
  ["/admin/usuarios", lazy(() => import("./pages/admin/users"))],
];

function Waiting() {
  const { t } = useI18n();
  return <Loading label={t("app.loading")} />;
}

export function Routes() {
  return (
    <I18nProvider>
      <Boundary>
        <Suspense fallback={<Waiting />}>
          <Switch>
            {PAGES.map(([path, page]) => (
              <Route key={path} path={path} component={page} />
            ))}
            <Route component={NotFound} />
          </Switch>
        </Suspense>
      </Boundary>
    </I18nProvider>
  );
}
