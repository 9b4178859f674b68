import { useEffect, useState } from "react";
import { Button } from "./button";

/** Copies `text`; says so for two seconds. Without a clipboard the text itself is shown to be marked by hand. */
export function CopyButton({ text, label, done }: { text: string; label: string; done: string }) {
  const [state, setState] = useState<"idle" | "copied" | "by_hand">("idle");
  useEffect(() => {
    if (state !== "copied") return;
    const timer = setTimeout(() => setState("idle"), 2000);
    return () => clearTimeout(timer);
  }, [state]);
  const copy = () =>
    navigator.clipboard
      .writeText(text)
      .then(() => setState("copied"))
      .catch(() => setState("by_hand"));
  return (
    <>
      <Button
        look="secondary"
        size="small"
        icon={state === "copied" ? "check" : "copy"}
        onClick={() => {
          if (navigator.clipboard) void copy();
          else setState("by_hand");
        }}
      >
        {label}
      </Button>
      <span aria-live="polite" className={state === "copied" ? "text-sm text-ok" : "sr-only"}>
        {state === "copied" ? done : ""}
      </span>
      {state === "by_hand" && (
        <input
          readOnly
          value={text}
          aria-label={label}
          onFocus={(event) => event.target.select()}
          className="min-h-9 w-full rounded-card border border-field bg-surface px-3 text-sm"
        />
      )}
    </>
  );
}
