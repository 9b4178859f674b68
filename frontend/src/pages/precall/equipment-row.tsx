import type { ReactNode } from "react";
import { Icon } from "../../components/icon";
import { useI18n } from "../../i18n";

const MARK = {
  ok: { icon: "check", look: "bg-ok-soft text-ok" },
  problem: { icon: "alert", look: "bg-danger-soft text-danger" },
  pending: { icon: "dots", look: "bg-sunken text-muted" },
} as const;

export type Result = keyof typeof MARK;

/** One device, or the network: its mark, what is the matter, and what to do about it. */
export function Row({
  name,
  result,
  text,
  next,
  children,
}: {
  name: string;
  result: Result;
  text: string;
  next?: string;
  children?: ReactNode;
}) {
  const { t } = useI18n();
  const { icon, look } = MARK[result];
  return (
    <div className="flex gap-3 rounded-card border border-line bg-surface p-4">
      <span className={`grid size-9 shrink-0 place-items-center rounded-full ${look}`}>
        <Icon name={icon} size={20} />
      </span>
      <div className="grid min-w-0 flex-1 gap-2">
        <div role={result === "problem" ? "alert" : undefined}>
          <h3 className="font-semibold">
            {name} <span className="sr-only">: {t(`equipment.${result}`)}</span>
          </h3>
          <p className={result === "problem" ? "" : "text-muted"}>{text}</p>
          {next && <p className="mt-1 font-medium">{next}</p>}
        </div>
        <div className="flex flex-wrap gap-2 empty:hidden [&>details]:w-full [&>div]:w-full [&>meter]:w-full">
          {children}
        </div>
      </div>
    </div>
  );
}
