import { useEffect, useRef } from "react";

const TYPING = "input, textarea, select, [contenteditable]";

/** One key, one deed. Not while somebody types, and never with Ctrl, Alt or Meta. Esc works everywhere. */
export function useShortcuts(deeds: Record<string, () => void>): void {
  const now = useRef(deeds);
  now.current = deeds;
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
      const key = event.key.toLowerCase();
      const typing = event.target instanceof Element && event.target.closest(TYPING) !== null;
      if (typing && key !== "escape") return;
      now.current[key]?.();
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, []);
}
