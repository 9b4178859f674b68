import { type InputHTMLAttributes, type ReactNode, type SelectHTMLAttributes, useId } from "react";

const BOX = "min-h-11 w-full rounded-card border border-field bg-surface px-3 text-text";

interface Around {
  label: string;
  hint?: ReactNode;
  error?: string | null;
}

function Wrapped({ id, label, hint, error, children }: Around & { id: string; children: ReactNode }) {
  return (
    <div className="grid gap-1">
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      {children}
      {hint && (
        <p id={`${id}-hint`} className="text-sm text-muted">
          {hint}
        </p>
      )}
      {error && (
        <p id={`${id}-error`} className="text-sm font-medium text-danger">
          {error}
        </p>
      )}
    </div>
  );
}

function describedBy(id: string, { hint, error }: Around) {
  const ids = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ");
  return { ...(ids && { "aria-describedby": ids }), ...(error && { "aria-invalid": true as const }) };
}

/** A labelled input with its hint and its own mistake. */
export function Field({ label, hint, error, ...rest }: Around & InputHTMLAttributes<HTMLInputElement>) {
  const id = useId();
  const around = { label, ...(hint !== undefined && { hint }), ...(error !== undefined && { error }) };
  return (
    <Wrapped id={id} {...around}>
      <input id={id} {...rest} {...describedBy(id, around)} className={BOX} />
    </Wrapped>
  );
}

export interface Choice {
  value: string;
  label: string;
}

/** A labelled choice out of a list, by the platform's own control. */
export function SelectField({
  label,
  hint,
  error,
  choices,
  ...rest
}: Around & { choices: readonly Choice[] } & SelectHTMLAttributes<HTMLSelectElement>) {
  const id = useId();
  const around = { label, ...(hint !== undefined && { hint }), ...(error !== undefined && { error }) };
  return (
    <Wrapped id={id} {...around}>
      <select id={id} {...rest} {...describedBy(id, around)} className={BOX}>
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.label}
          </option>
        ))}
      </select>
    </Wrapped>
  );
}

/** A box to tick; the whole line is the target, at least 48 px high. */
export function Checkbox({ label, ...rest }: { label: ReactNode } & InputHTMLAttributes<HTMLInputElement>) {
  return (
    <label className="flex min-h-12 items-start gap-3 py-2">
      <input type="checkbox" {...rest} className="mt-0.5 size-6 shrink-0 accent-accent" />
      <span>{label}</span>
    </label>
  );
}
