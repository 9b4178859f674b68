import { useId } from "react";

/** A labelled text of several lines. */
export function TextArea({ label, name, hint }: { label: string; name: string; hint?: string }) {
  const id = useId();
  return (
    <div className="grid gap-1">
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      <textarea
        id={id}
        name={name}
        required
        rows={4}
        maxLength={8000}
        {...(hint && { "aria-describedby": `${id}-hint` })}
        className="w-full rounded-card border border-field bg-surface p-3 text-text"
      />
      {hint && (
        <p id={`${id}-hint`} className="text-sm text-muted">
          {hint}
        </p>
      )}
    </div>
  );
}
