import { useI18n } from "../i18n";
import { LANGUAGE_NAMES, LANGUAGES, match } from "../i18n/language";

export function LanguageSelect() {
  const { t, language, setLanguage } = useI18n();
  return (
    <select
      aria-label={t("app.language")}
      value={language}
      onChange={(event) => setLanguage(match(event.target.value) ?? "pt-BR")}
      className="min-h-11 shrink-0 rounded-card border border-line bg-surface px-2 text-sm text-text"
    >
      {LANGUAGES.map((tag) => (
        <option key={tag} value={tag} lang={tag}>
          {LANGUAGE_NAMES[tag]}
        </option>
      ))}
    </select>
  );
}
