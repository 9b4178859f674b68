/** Every address of the app in one table. Staff pages come in chunks of their own; the patient's is always here. */
import { type ComponentType, lazy, Suspense, useState } from "react";
import { Route, Switch } from "wouter";
import { Boundary } from "./components/boundary";
import { Loading } from "./components/loading";
import { I18nProvider, officeWords, readinessWords, useI18n } from "./i18n";
import { NotFound } from "./pages/entry/not-found";
import { watchAddress } from "./pages/precall/link-token";
import PatientPage from "./pages/precall/patient";
import "./styles/app.css";

// Before anything is drawn or asked: a personal link's token must not stay in the address.
watchAddress();

/** A page whose code may still have to come. */
interface Chunk {
  load(): Promise<void>;
  coming: ComponentType;
  here: ComponentType | null;
}

function later(page: () => Promise<{ default: ComponentType }>, words = officeWords): Chunk {
  const load = async () => (await Promise.all([page(), words()]))[0];
  const chunk: Chunk = {
    load: async () => {
      chunk.here = (await load()).default;
    },
    coming: lazy(load),
    here: null,
  };
  return chunk;
}

function now(page: ComponentType): Chunk {
  return { load: async () => {}, coming: page, here: page };
}

const patient = now(PatientPage);

const PAGES: readonly (readonly [path: string, page: Chunk])[] = [
  ["/", later(() => import("./pages/entry/start"))],
  ["/entrar", later(() => import("./pages/entry/sign-in"))],
  ["/senha", later(() => import("./pages/entry/password"))],
  ["/seguranca", later(() => import("./pages/staff/security"))],
  ["/verificar", later(() => import("./pages/entry/verify"))],
  ["/teste-video", later(() => import("./pages/demo/test-video"))],
  ["/paciente/:roomId", patient],
  ["/paciente/:roomId/teste", later(() => import("./pages/readiness/test-page"), readinessWords)],
  ["/sala/:doctorSlug", later(() => import("./pages/standing/visit"))],
  ["/video", later(() => import("./pages/doctor/instant"))],
  ["/video/:roomId", patient],
  ["/medico/:roomId", later(() => import("./pages/doctor/room"))],
  ["/painel", later(() => import("./pages/doctor/dashboard"))],
  ["/painel/agenda", later(() => import("./pages/agenda/agenda"))],
  ["/painel/historico", later(() => import("./pages/doctor/history"))],
  ["/painel/historico/:callId", later(() => import("./pages/doctor/record"))],
  ["/painel/perfil", later(() => import("./pages/doctor/profile"))],
  ["/admin", later(() => import("./pages/admin/calls"))],
  ["/admin/consultas/:callId", later(() => import("./pages/admin/record"))],
  ["/admin/auditoria", later(() => import("./pages/admin/audit"))],
  ["/admin/usuarios", later(() => import("./pages/admin/users"))],
  ["/admin/usuarios/:userId/perfil", later(() => import("./pages/admin/profile"))],
  ["/admin/clinica", later(() => import("./pages/admin/clinic"))],
  ["/admin/gestao", later(() => import("./pages/manage/hub"))],
  ["/admin/gestao/avisos", later(() => import("./pages/manage/webhooks"))],
  ["/admin/gestao/prazos", later(() => import("./pages/manage/retention"))],
  ["/admin/gestao/acessos", later(() => import("./pages/manage/accesses"))],
  ["/admin/gestao/titulares", later(() => import("./pages/manage/people"))],
  ["/admin/gestao/marca", later(() => import("./pages/manage/brand"))],
  ["/admin/gestao/diagnostico", later(() => import("./pages/manage/checkup"))],
  ["/admin/gestao/incidentes", later(() => import("./pages/manage/incidents"))],
];

/**
 * The code of the page at this address, before anything is drawn: once React has shown a placeholder it holds back
 * what comes after it for 300 ms. Never fails: a page that cannot be loaded fails where it is drawn.
 */
export async function firstPage(address: string): Promise<void> {
  const parts = address.replace(/\/+$/, "").split("/");
  const found = PAGES.find(([path]) => {
    const wanted = path.replace(/\/+$/, "").split("/");
    return (
      wanted.length === parts.length && wanted.every((name, at) => name.startsWith(":") || name === parts[at])
    );
  });
  await found?.[1].load().catch(() => undefined);
}

function Page({ chunk }: { chunk: Chunk }) {
  // Chosen once: with another component in its place the page would begin anew.
  const [Chosen] = useState<ComponentType>(() => chunk.here ?? chunk.coming);
  return <Chosen />;
}

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
              <Route key={path} path={path}>
                <Page chunk={page} />
              </Route>
            ))}
            <Route component={NotFound} />
          </Switch>
        </Suspense>
      </Boundary>
    </I18nProvider>
  );
}
