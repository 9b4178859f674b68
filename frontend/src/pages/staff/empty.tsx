import type { ReactNode } from "react";

/** An empty list says what will stand here and how to get it there. */
export function Empty({ title, next, children }: { title: string; next: string; children?: ReactNode }) {
  return (
    <div className="grid justify-items-center gap-2 rounded-card border border-dashed border-line p-6 text-center">
      <p className="font-semibold">{title}</p>
      <p className="max-w-md text-muted">{next}</p>
      {children}
    </div>
  );
}
