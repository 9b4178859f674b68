import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Link, useLocation } from "wouter";
import { ApiError } from "../../api/client";
import { staffSession } from "../../api/session";
import { staff } from "../../api/staff";
import type { UserOut } from "../../api/types";
import { Button } from "../../components/button";
import { LanguageSelect } from "../../components/language-select";
import { Brand } from "../../components/shell";
import { useWatched } from "../../components/use-watched";
import { type Key, useI18n } from "../../i18n";
import { SECURITY } from "./home";

const AREAS: Record<UserOut["role"], readonly { to: string; label: Extract<Key, `nav.${string}`> }[]> = {
  doctor: [
    { to: "/painel", label: "nav.panel" },
    { to: "/painel/agenda", label: "nav.agenda" },
    { to: "/painel/historico", label: "nav.history" },
    { to: "/painel/perfil", label: "nav.profile" },
    { to: SECURITY, label: "nav.security" },
  ],
  admin: [
    { to: "/admin", label: "nav.calls" },
    { to: "/admin/auditoria", label: "nav.audit" },
    { to: "/admin/usuarios", label: "nav.users" },
    { to: "/admin/clinica", label: "nav.clinic" },
    { to: "/admin/gestao", label: "nav.manage" },
    { to: SECURITY, label: "nav.security" },
  ],
};

/** A refusal stays a refusal; silence is asked again, for as long as the page is open. */
const retry = (count: number, error: Error) =>
  error instanceof ApiError && (error.status === 0 || error.status >= 500) && count < 10;

const queries = new QueryClient({ defaultOptions: { queries: { retry, staleTime: 5000 } } });

/** The frame of the staff's pages. */
export function Frame({ user, children }: { user: UserOut; children: ReactNode }) {
  const { t } = useI18n();
  const [path] = useLocation();
  const session = useWatched(staffSession);
  const onlyHere = session.is === "in" && session.token.must_enrol;
  const areas = AREAS[user.role].filter(({ to }) => !onlyHere || to === SECURITY);
  const current = areas.findLast(({ to }) => path === to || path.startsWith(`${to}/`));
  const signOut = () =>
    void staff
      .signOut()
      .catch(() => undefined)
      .finally(() => queries.clear());
  return (
    <QueryClientProvider client={queries}>
      <a
        href="#main"
        className="sr-only focus:not-sr-only focus:absolute focus:z-10 focus:bg-surface focus:p-3"
      >
        {t("app.skip")}
      </a>
      <header className="border-b border-line bg-surface">
        <div className="mx-auto flex w-full max-w-6xl flex-wrap items-center gap-x-2 gap-y-2 px-4 py-2 md:gap-x-4">
          <Brand name={t("app.name")} />
          <nav
            aria-label={t("nav.label")}
            className="order-3 -mx-2 -mb-2 flex w-[calc(100%+1rem)] flex-wrap md:order-none md:mx-0 md:mb-0 md:w-auto"
          >
            {areas.map(({ to, label }) => (
              <Link
                key={to}
                href={to}
                aria-current={current?.to === to ? "page" : undefined}
                className="flex min-h-11 items-center border-b-2 border-transparent px-2 font-medium whitespace-nowrap text-muted hover:text-text aria-[current=page]:border-accent aria-[current=page]:text-accent"
              >
                {t(label)}
              </Link>
            ))}
          </nav>
          <div className="ml-auto flex items-center gap-1 sm:gap-2">
            <span className="hidden max-w-48 truncate text-sm text-muted lg:block">{user.name}</span>
            <LanguageSelect />
            <Button look="quiet" size="small" icon="leave" onClick={signOut} className="max-sm:px-2">
              <span className="max-sm:sr-only">{t("nav.signout")}</span>
            </Button>
          </div>
        </div>
      </header>
      <main id="main" tabIndex={-1} className="mx-auto w-full max-w-6xl px-4 py-6 outline-none">
        {children}
      </main>
    </QueryClientProvider>
  );
}
