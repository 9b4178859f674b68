import type { ConsentText } from "../../api/types";
import { Checkbox, Field } from "../../components/field";
import { useI18n } from "../../i18n";

export interface ConsentDraft {
  agreed: boolean;
  forOther: boolean;
  name: string;
  relationship: string;
}

export const EMPTY_CONSENT: ConsentDraft = { agreed: false, forOther: false, name: "", relationship: "" };

/** The authorisation: what it says in short, the whole text on demand, and who gives it. */
export function Consent({
  text,
  draft,
  onChange,
  missing,
  represented,
}: {
  text: ConsentText;
  draft: ConsentDraft;
  onChange: (draft: ConsentDraft) => void;
  /** The person tried to come in without it. */
  missing: boolean;
  /** Somebody may agree in their place: for the patient only. */
  represented: boolean;
}) {
  const { t } = useI18n();
  const paragraphs = text.body.split(/\n\s*\n/);
  return (
    <section aria-labelledby="consent" className="grid gap-3">
      <h2 id="consent" className="text-lg font-semibold">
        {t("consent.title")}
      </h2>
      <p>{text.summary}</p>
      <details className="rounded-card border border-line bg-surface">
        <summary className="min-h-11 p-3 font-medium text-accent">{t("consent.full")}</summary>
        <div lang={text.language} className="grid gap-3 border-t border-line p-4 text-sm">
          <h3 className="text-base font-semibold">{text.title}</h3>
          {paragraphs.map((paragraph) => (
            <p key={paragraph} className="whitespace-pre-line">
              {paragraph}
            </p>
          ))}
          <p className="text-muted">
            {t("consent.version", { version: text.version, hash: text.sha256.slice(0, 12) })}
          </p>
        </div>
      </details>
      <div
        className={`rounded-card border-2 px-4 py-1 ${missing ? "border-danger" : "border-accent"} bg-surface`}
      >
        <Checkbox
          label={<span className="font-medium">{t("consent.check")}</span>}
          checked={draft.agreed}
          onChange={(event) => onChange({ ...draft, agreed: event.target.checked })}
          aria-invalid={missing}
        />
      </div>
      {represented && (
        <Checkbox
          label={
            <>
              {t("consent.for_other")}
              <span className="block text-sm text-muted">{t("consent.minors")}</span>
            </>
          }
          checked={draft.forOther}
          onChange={(event) => onChange({ ...draft, forOther: event.target.checked })}
        />
      )}
      {draft.forOther && (
        <div className="grid gap-3">
          <Field
            label={t("consent.representative")}
            value={draft.name}
            maxLength={120}
            autoComplete="name"
            onChange={(event) => onChange({ ...draft, name: event.target.value })}
          />
          <Field
            label={t("consent.relationship")}
            value={draft.relationship}
            maxLength={60}
            list="relationships"
            onChange={(event) => onChange({ ...draft, relationship: event.target.value })}
          />
          <datalist id="relationships">
            {t("consent.relationships")
              .split(", ")
              .map((one) => (
                <option key={one} value={one} />
              ))}
          </datalist>
        </div>
      )}
    </section>
  );
}
