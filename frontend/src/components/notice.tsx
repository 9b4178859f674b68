import type { ReactNode } from "react";
import { Icon } from "./icon";

const TONE = {
  problem: { look: "border-danger/40 bg-danger-soft", mark: "text-danger", icon: "alert" },
  warning: { look: "border-warn/40 bg-warn-soft", mark: "text-warn", icon: "alert" },
  good: { look: "border-ok/40 bg-ok-soft", mark: "text-ok", icon: "check" },
  calm: { look: "border-line bg-sunken", mark: "text-muted", icon: "clock" },
} as const;

/** What happened and the one next step; a problem is read out at once. */
export function Notice({
  tone,
  title,
  children,
}: {
  tone: keyof typeof TONE;
  title: string;
  children?: ReactNode;
}) {
  const { look, mark, icon } = TONE[tone];
  return (
    <div
      role={tone === "problem" ? "alert" : "status"}
      className={`flex gap-3 rounded-card border p-4 ${look}`}
    >
      <Icon name={icon} className={mark} />
      <div className="grid min-w-0 flex-1 gap-1">
        <p className="font-semibold">{title}</p>
        {children}
      </div>
    </div>
  );
}
