/** The people-facing words of the app, in three languages, with one hook. */
import {
  createContext,
  type ReactNode,
  Suspense,
  startTransition,
  use,
  useContext,
  useMemo,
  useState,
} from "react";
import { type Catalogue, type Filling, fill, type Key, type PluralStem } from "./catalogue";
import { wordsOf } from "./codes";
import { type Format, makeFormat } from "./format";
import { asked, type Language, match, preferred, remember } from "./language";
import { portuguese } from "./portuguese";

export type { Key } from "./catalogue";
export type { Language } from "./language";
export { officeWords, queueWords } from "./portuguese";

export type Vocabulary =
  | "delivery"
  | "outcome"
  | "modality"
  | "role"
  | "record.reason"
  | "event.by"
  | "missing";

export interface I18n {
  language: Language;
  setLanguage(language: Language): void;
  /** Speak the language of somebody's letter, unless they asked for another one. */
  suggest(language: string): void;
  t<K extends Key>(key: K, ...filling: Filling<K>): string;
  /** `stem.one` or `stem.other`, with `{count}`. */
  plural(stem: PluralStem, count: number): string;
  /** The word of a vocabulary that the server may extend: its own name when it is newer than this page. */
  term(vocabulary: Vocabulary, word: string): string;
  /** What a refusal's code means, and what to do next. `values` fill e.g. `{time}`. */
  words(code: string, values?: Record<string, string | number>): { title: string; next: string };
  format: Format;
}

const loaders: Record<Language, () => Promise<Catalogue>> = {
  "pt-BR": async () => portuguese,
  en: async () => (await import("./en")).en,
  es: async () => (await import("./es")).es,
};
const coming = new Map<Language, Promise<Catalogue>>();
/** What a page can be drawn with at once: after a suspension, however short, React waits for 300 ms. */
const here = new Map<Language, Catalogue>([["pt-BR", portuguese]]);

function catalogueOf(language: Language): Promise<Catalogue> {
  const known = coming.get(language);
  if (known) return known;
  // A chunk that does not arrive must not leave an empty page: pt-BR is always here.
  const asked = loaders[language]()
    .catch(() => portuguese)
    .then((catalogue) => {
      here.set(language, catalogue);
      return catalogue;
    });
  coming.set(language, asked);
  return asked;
}

/** The words of this person's language, before anything is drawn. */
export async function firstWords(): Promise<void> {
  await catalogueOf(preferred());
}

/** The hook's value for a catalogue; apart from React so that it can be tested. */
export function makeI18n(
  language: Language,
  catalogue: Catalogue,
  setLanguage: (language: Language) => void,
  suggest: (language: string) => void = () => {},
): I18n {
  const rules = new Intl.PluralRules(language);
  const text = (key: Key, values?: Record<string, string | number>) => fill(catalogue[key], values);
  return {
    language,
    setLanguage,
    suggest,
    t: (key, ...[values]) => text(key, values),
    plural: (stem, count) =>
      text(`${stem}.${rules.select(count) === "one" ? "one" : "other"}` as Key, { count }),
    term(vocabulary, word) {
      const key = `${vocabulary}.${word}`;
      return key in catalogue ? text(key as Key) : word.replace(/[_:]/g, " ");
    },
    words(code, values = {}) {
      const { title, next } = wordsOf(code);
      return { title: text(title, { ...values, code }), next: text(next, { ...values, code }) };
    },
    format: makeFormat(language),
  };
}

const Context = createContext<I18n | null>(null);

type Choosing = Pick<I18n, "setLanguage" | "suggest">;

function Provider({
  language,
  choosing: { setLanguage, suggest },
  children,
}: {
  language: Language;
  choosing: Choosing;
  children: ReactNode;
}) {
  const catalogue = here.get(language) ?? use(catalogueOf(language));
  const i18n = useMemo(
    () => makeI18n(language, catalogue, setLanguage, suggest),
    [language, catalogue, setLanguage, suggest],
  );
  document.documentElement.lang = language;
  return <Context value={i18n}>{children}</Context>;
}

export function I18nProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState(preferred);
  const choosing = useMemo<Choosing>(
    () => ({
      setLanguage(wish) {
        remember(wish);
        setLanguage(wish);
      },
      suggest(wish) {
        const known = match(wish);
        // The page stays as it is until the other words are here.
        if (known && !asked()) startTransition(() => setLanguage(known));
      },
    }),
    [],
  );
  return (
    <Suspense>
      <Provider language={language} choosing={choosing}>
        {children}
      </Provider>
    </Suspense>
  );
}

export function useI18n(): I18n {
  const i18n = useContext(Context);
  if (!i18n) throw new Error("useI18n stands inside I18nProvider only");
  return i18n;
}
