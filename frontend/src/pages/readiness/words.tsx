/** A cause in words, the same on every screen. */
import { type I18n, useI18n } from "../../i18n";
import { keysOf } from "./causes";

export function causeWords(
  code: string,
  { t, words }: Pick<I18n, "t" | "words">,
): { title: string; next: string } {
  const keys = keysOf(code);
  return keys ? { title: t(keys.title), next: t(keys.next) } : words(code);
}

const LOOK = {
  green: "bg-ok-soft text-ok",
  amber: "bg-warn-soft text-warn",
  red: "bg-danger-soft text-danger",
} as const;

const SIGN = { green: "✓", amber: "!", red: "×" } as const;

/** The light where there is no room for words; whoever shows it says them in its name. */
export function LightSign({ light }: { light: keyof typeof LOOK }) {
  return (
    <span
      aria-hidden="true"
      data-light={light}
      className={`grid size-5 shrink-0 place-items-center rounded-full text-xs font-bold ${LOOK[light]}`}
    >
      {SIGN[light]}
    </span>
  );
}

/** What the last test of somebody's equipment came to: the light in words, and the reason. */
export function ReadinessMark({
  light,
  causes,
}: {
  light: keyof typeof LOOK | null;
  causes: readonly string[];
}) {
  const i18n = useI18n();
  if (light === null) return null;
  const [cause] = causes;
  return (
    <p className="flex flex-wrap items-center gap-x-2 gap-y-1 text-sm" data-light={light}>
      <span className={`rounded-full px-2.5 py-0.5 font-medium ${LOOK[light]}`}>
        {i18n.t(`light.${light}`)}
      </span>
      {cause && <span className="text-muted">{causeWords(cause, i18n).title}</span>}
    </p>
  );
}
