/**
 * Which language this page speaks: `?lang` (links in letters carry it), else what was chosen before, else pt-BR.
 * The browser's own wish does not count: many a Brazilian phone is set to English.
 */
export const LANGUAGES = ["pt-BR", "en", "es"] as const;
export type Language = (typeof LANGUAGES)[number];

export const LANGUAGE_NAMES: Record<Language, string> = {
  "pt-BR": "Português",
  en: "English",
  es: "Español",
};

const STORED = "teleconsulta.language";

/** The language of ours that `tag` (BCP 47) asks for, or null. */
export function match(tag: string | null | undefined): Language | null {
  const primary = tag?.toLowerCase().split("-")[0];
  return LANGUAGES.find((language) => language.toLowerCase().split("-")[0] === primary) ?? null;
}

/** The first of `wishes` that we speak; pt-BR when there is none. */
export function choose(wishes: readonly (string | null | undefined)[]): Language {
  for (const wish of wishes) {
    const language = match(wish);
    if (language) return language;
  }
  return "pt-BR";
}

function stored(): string | null {
  try {
    return localStorage.getItem(STORED);
  } catch {
    return null; // storage may be forbidden
  }
}

export function preferred(): Language {
  return choose([new URLSearchParams(location.search).get("lang"), stored()]);
}

export function remember(language: Language): void {
  try {
    localStorage.setItem(STORED, language);
  } catch {
    // Forbidden storage only means asking again next time.
  }
}
