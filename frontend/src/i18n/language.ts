/**
 * Which language this page speaks: `?lang`, else what was chosen before, else that of the person's letter, else pt-BR.
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

function stored(): string | null {
  try {
    return localStorage.getItem(STORED);
  } catch {
    return null; // storage may be forbidden
  }
}

/** What this person asked for, by the address or the menu; null when they never did. */
export function asked(): Language | null {
  return match(new URLSearchParams(location.search).get("lang")) ?? match(stored());
}

export function preferred(): Language {
  return asked() ?? "pt-BR";
}

export function remember(language: Language): void {
  try {
    localStorage.setItem(STORED, language);
  } catch {
    // Forbidden storage only means asking again next time.
  }
}
