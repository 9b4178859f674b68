/** /verificar#CODE: whether a document was issued here. Anybody may ask; nobody learns anything about a patient. */
import { type ChangeEvent, type FormEvent, useEffect, useId, useState } from "react";
import { codeOf } from "../../api/client";
import { open } from "../../api/public";
import type { VerifiedDocument } from "../../api/types";
import { Button } from "../../components/button";
import { Field } from "../../components/field";
import { Loading } from "../../components/loading";
import { Notice } from "../../components/notice";
import { Shell } from "../../components/shell";
import { useTitle } from "../../components/use-title";
import { useI18n } from "../../i18n";
import { makeFormat } from "../../i18n/format";
import { ClinicLines } from "./clinic-lines";
import { type Compared, compare } from "./compare-file";
import { useConfig } from "./use-config";

type Step =
  | { is: "asking" }
  | { is: "looking" }
  | { is: "genuine"; document: VerifiedDocument }
  | { is: "unknown" }
  | { is: "failed"; code: string };

export default function VerifyPage() {
  const { t, words } = useI18n();
  const config = useConfig();
  const [first] = useState(() => decodeURIComponent(location.hash.slice(1)));
  const [step, setStep] = useState<Step>({ is: "asking" });
  useTitle(`${t("verify.title")} · ${config?.clinic_name || t("app.name")}`);
  const look = (code: string) => {
    setStep({ is: "looking" });
    open.verify(code).then(
      ({ document }) => setStep(document ? { is: "genuine", document } : { is: "unknown" }),
      (error: unknown) => setStep({ is: "failed", code: codeOf(error) }),
    );
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: the address is read once, as the page opens
  useEffect(() => {
    if (first) look(first);
  }, [first]);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    look(String(new FormData(event.currentTarget).get("code") ?? ""));
  };
  return (
    <Shell name={config?.clinic_name ?? null}>
      <div className="grid gap-6 pt-2">
        <div>
          <h1 className="text-2xl font-semibold">{t("verify.title")}</h1>
          <p className="text-muted">{t("verify.lead")}</p>
        </div>
        <form onSubmit={submit} className="grid gap-3">
          <Field
            label={t("verify.code")}
            name="code"
            required
            defaultValue={first}
            maxLength={60}
            autoComplete="off"
            autoCapitalize="characters"
            spellCheck={false}
          />
          <Button type="submit" size="big" disabled={step.is === "looking"}>
            {t("verify.check")}
          </Button>
        </form>
        {step.is === "looking" && <Loading label={t("app.loading")} />}
        {step.is === "genuine" && <Genuine document={step.document} />}
        {step.is === "unknown" && (
          <Notice tone="problem" title={t("verify.not")}>
            <p>{t("verify.not.next")}</p>
          </Notice>
        )}
        {step.is === "failed" && (
          <Notice tone="problem" title={words(step.code).title}>
            <p>{words(step.code).next}</p>
          </Notice>
        )}
        <footer className="grid gap-1 pt-4 text-sm text-muted">
          <ClinicLines />
        </footer>
      </div>
    </Shell>
  );
}

function Genuine({ document }: { document: VerifiedDocument }) {
  const { t, language } = useI18n();
  // The paper's own clock, not this device's.
  const format = makeFormat(language, document.time_zone);
  const facts = [
    [t("verify.kind"), t(`documents.${document.kind}`)],
    [t("verify.doctor"), `${document.doctor_name}, ${document.doctor_council}`],
    [t("verify.attended"), document.attended_on.split("-").toReversed().join("/")],
    [t("verify.issued"), `${format.moment(document.issued_at)} (${format.zone(document.issued_at)})`],
    ...document.signed.map(({ added_at }) => [t("verify.signed"), format.moment(added_at)] as const),
  ];
  return (
    <>
      <Notice tone={document.demo ? "warning" : "good"} title={t("verify.genuine")}>
        {document.demo && <p>{t("verify.demo")}</p>}
        <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 pt-1">
          {facts.map(([name, value]) => (
            <div key={`${name} ${value}`} className="contents">
              <dt className="text-muted">{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
        {document.signed.length > 0 && <p className="pt-1 text-sm">{t("verify.signed.note")}</p>}
      </Notice>
      <CompareFile document={document} />
    </>
  );
}

const FOUND = {
  same: { tone: "good", words: "verify.file.same" },
  signed: { tone: "good", words: "verify.file.signed" },
  more: { tone: "warning", words: "verify.file.more" },
  other: { tone: "problem", words: "verify.file.other" },
} as const;

function CompareFile({ document }: { document: VerifiedDocument }) {
  const { t } = useI18n();
  const id = useId();
  const [found, setFound] = useState<Compared | null>(null);
  const choose = (event: ChangeEvent<HTMLInputElement>) => {
    const file = event.target.files?.[0];
    setFound(null);
    if (file) compare(file, document).then(setFound, () => setFound("other"));
  };
  return (
    <section className="grid gap-2">
      <p>{t("verify.compare")}</p>
      <label htmlFor={id} className="font-medium">
        {t("verify.file")}
      </label>
      <input
        id={id}
        type="file"
        accept="application/pdf"
        onChange={choose}
        className="min-h-11 w-full rounded-card border border-field bg-surface p-2 file:mr-3 file:rounded-card file:border-0 file:bg-sunken file:px-3 file:py-1 file:font-medium"
      />
      <p className="text-sm text-muted">{t("verify.file.note")}</p>
      {found && <Notice tone={FOUND[found].tone} title={t(FOUND[found].words)} />}
    </section>
  );
}
