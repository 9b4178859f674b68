/** /admin/gestao/titulares: all that is kept of one person, for that person. */
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { office } from "../../api/office";
import type { PersonFound } from "../../api/types";
import { Button, ButtonLink } from "../../components/button";
import { Checkbox, Field } from "../../components/field";
import { Notice } from "../../components/notice";
import { useI18n } from "../../i18n";
import { saveFile } from "../records/save-file";
import { Empty } from "../staff/empty";
import { ProblemNotice } from "../staff/problem";
import { MANAGE, Section } from "./section";

export default function PeoplePage() {
  const { t } = useI18n();
  return (
    <Section title={t("people.title")} lead={t("people.lead")}>
      <People />
    </Section>
  );
}

function People() {
  const { t } = useI18n();
  const search = useMutation({ mutationFn: office.people });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    search.mutate(String(new FormData(event.currentTarget).get("query") ?? "").trim());
  };
  return (
    <>
      <form
        onSubmit={submit}
        className="flex flex-wrap items-end gap-3 rounded-card border border-line bg-surface p-4"
      >
        <div className="min-w-0 flex-1 basis-60">
          <Field
            label={t("people.search")}
            name="query"
            type="search"
            required
            minLength={2}
            maxLength={120}
            autoComplete="off"
          />
        </div>
        <Button type="submit" disabled={search.isPending}>
          {t("people.find")}
        </Button>
      </form>
      <Notice tone="calm" title={t("people.erase")} />
      {search.isError && <ProblemNotice error={search.error} />}
      {search.data?.items.length === 0 && <Empty title={t("people.none")} next={t("people.none.next")} />}
      <ul className="grid grid-cols-1 gap-3">
        {search.data?.items.map((person) => (
          <li key={person.id}>
            <Person person={person} />
          </li>
        ))}
      </ul>
    </>
  );
}

function Person({ person }: { person: PersonFound }) {
  const { t, plural, format } = useI18n();
  const [notes, setNotes] = useState(false);
  const take = useMutation({
    mutationFn: () => office.subjectFile(person.id, notes),
    onSuccess: (blob) => saveFile(blob, `dados-${person.id}.zip`),
  });
  return (
    <article className="grid grid-cols-1 gap-2 rounded-card border border-line bg-surface p-4">
      <h2 className="font-semibold">{person.name}</h2>
      <p className="text-sm text-muted">
        {person.email ?? t("app.none")} · {plural("people.consultations", person.consultations)}
        {person.kept_until && (
          <span className="block">
            {t("people.kept_until", { date: format.date(`${person.kept_until}T12:00`) })}
          </span>
        )}
      </p>
      <Checkbox
        label={
          <>
            {t("people.notes")}
            <span className="block text-sm text-muted">{t("people.notes.hint")}</span>
          </>
        }
        checked={notes}
        onChange={(event) => setNotes(event.target.checked)}
      />
      <div className="flex flex-wrap gap-2">
        <Button icon="download" disabled={take.isPending} onClick={() => take.mutate()}>
          {t(take.isPending ? "people.exporting" : "people.export")}
        </Button>
        <ButtonLink to={`${MANAGE}/acessos?patient=${person.id}`} look="secondary" icon="history">
          {t("people.accesses")}
        </ButtonLink>
      </div>
      {take.isError && <ProblemNotice error={take.error} />}
    </article>
  );
}
