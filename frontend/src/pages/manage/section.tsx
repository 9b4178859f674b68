import type { ReactNode } from "react";
import { Link } from "wouter";
import { useTitle } from "../../components/use-title";
import { useI18n } from "../../i18n";
import { Frame } from "../staff/frame";
import { Gate } from "../staff/gate";

export const MANAGE = "/admin/gestao";

interface SectionProps {
  title: string;
  lead: string;
  /** Pages that the menu leads to have no way back. */
  top?: boolean;
  children: ReactNode;
}

/** One page of the administration: its way back, its title, what it is for. */
export function Section({ title, lead, top = false, children }: SectionProps) {
  const { t } = useI18n();
  useTitle(`${title} · ${t("app.name")}`);
  return (
    <Gate only="admin">
      {(user) => (
        <Frame user={user}>
          <div className="grid grid-cols-1 gap-4">
            <div>
              {!top && (
                <Link href={MANAGE} className="inline-flex min-h-9 items-center font-medium text-accent">
                  ← {t("manage.title")}
                </Link>
              )}
              <h1 className="text-2xl font-semibold">{title}</h1>
              <p className="max-w-3xl text-muted">{lead}</p>
            </div>
            {children}
          </div>
        </Frame>
      )}
    </Gate>
  );
}

/** A table that scrolls by itself on a narrow screen. */
export function Scrolling({ label, children }: { label: string; children: ReactNode }) {
  return (
    <section
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
      tabIndex={0}
      className="overflow-x-auto rounded-card border border-line bg-surface"
    >
      {children}
    </section>
  );
}

/** The head of a table; `columns` are its words. */
export function Head({ columns }: { columns: readonly string[] }) {
  return (
    <thead className="border-b border-line text-muted">
      <tr>
        {columns.map((column) => (
          <th key={column} scope="col" className="px-4 py-2 font-medium">
            {column}
          </th>
        ))}
      </tr>
    </thead>
  );
}
