import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { staff } from "../../api/staff";
import type { CallDetail, CallDocuments, DocumentOut, PersonDocument } from "../../api/types";
import { Button, ButtonLink } from "../../components/button";
import { Dialog } from "../../components/dialog";
import { Field, SelectField } from "../../components/field";
import { Loading } from "../../components/loading";
import { Notice } from "../../components/notice";
import { useI18n } from "../../i18n";
import { ProblemNotice } from "../staff/problem";
import { Downloadable } from "./downloadable";
import { SignedCopies } from "./signed-copies";

const KINDS = ["cpf", "rg", "cns", "passport"] as const;

/** What was issued about a call, and issuing one more. */
export function Documents({ call }: { call: CallDetail }) {
  const { t } = useI18n();
  const [issuing, setIssuing] = useState(false);
  const key = ["documents", call.id];
  const found = useQuery({ queryKey: key, queryFn: () => staff.documents(call.id) });
  if (found.isPending) return <Loading label={t("app.loading")} />;
  if (found.isError) return <ProblemNotice error={found.error} onRetry={() => void found.refetch()} />;
  const { items, missing, signed } = found.data;
  return (
    <div className="grid gap-3">
      {items.length === 0 && <p className="text-muted">{t("documents.empty")}</p>}
      <ul className="grid gap-3">
        {items.map((document) => (
          <li key={document.id}>
            <Issued document={document} />
            <SignedCopies callId={call.id} documentId={document.id} copies={signed[document.id] ?? []} />
          </li>
        ))}
      </ul>
      {missing.length > 0 && <Missing fields={missing} />}
      {call.state === "open" ? (
        <p className="text-muted">{t("documents.open")}</p>
      ) : (
        missing.length === 0 && (
          <p>
            <Button look="secondary" icon="plus" onClick={() => setIssuing(true)}>
              {t("documents.issue")}
            </Button>
          </p>
        )
      )}
      {issuing && <Issue callId={call.id} known={found.data} onClose={() => setIssuing(false)} />}
    </div>
  );
}

function Missing({ fields }: { fields: string[] }) {
  const { t, term } = useI18n();
  return (
    <Notice tone="warning" title={t("documents.missing")}>
      <ul className="list-disc pl-5">
        {fields.map((field) => (
          <li key={field}>{term("missing", field)}</li>
        ))}
      </ul>
      {fields.some((field) => field.startsWith("clinic.")) && <p>{t("documents.missing.clinic")}</p>}
      {fields.some((field) => field.startsWith("doctor.")) && (
        <p className="pt-2">
          <ButtonLink to="/painel/perfil" look="secondary" size="small">
            {t("documents.missing.profile")}
          </ButtonLink>
        </p>
      )}
    </Notice>
  );
}

function Issued({ document }: { document: DocumentOut }) {
  const { t, format } = useI18n();
  return (
    <Downloadable
      fetch={() => staff.documentFile(document.id)}
      file={t("documents.file")}
      label={t("documents.download")}
    >
      <p className="font-medium">{t("documents.attendance")}</p>
      <p className="text-sm text-muted">
        {t("documents.issued", { when: format.moment(document.issued_at) })}
      </p>
      <p className="text-sm text-muted tabular-nums">{t("documents.code", { code: document.code })}</p>
    </Downloadable>
  );
}

function Issue({ callId, known, onClose }: { callId: string; known: CallDocuments; onClose: () => void }) {
  const { t } = useI18n();
  const client = useQueryClient();
  const [kind, setKind] = useState<PersonDocument["kind"] | "">(known.patient_document?.kind ?? "");
  const issue = useMutation({
    mutationFn: (number: string) =>
      staff.issueDocument(callId, { patient_document: kind ? { kind, number } : null }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["documents", callId] });
      onClose();
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    issue.mutate(String(new FormData(event.currentTarget).get("number") ?? "").trim());
  };
  return (
    <Dialog title={t("documents.attendance")} onClose={onClose} closeLabel={t("app.close")}>
      <form onSubmit={submit} className="grid gap-4">
        <p className="font-medium">{t("documents.patient_document")}</p>
        <SelectField
          label={t("documents.kind")}
          value={kind}
          onChange={(event) => setKind(KINDS.find((one) => one === event.target.value) ?? "")}
          choices={[
            ...(known.patient_document ? [] : [{ value: "", label: t("documents.kind.none") }]),
            ...KINDS.map((one) => ({ value: one, label: t(`documents.kind.${one}`) })),
          ]}
        />
        {kind && (
          <Field
            key={kind}
            label={t("documents.number")}
            name="number"
            required
            maxLength={40}
            autoComplete="off"
            defaultValue={known.patient_document?.kind === kind ? known.patient_document.number : ""}
          />
        )}
        <p className="text-sm text-muted">{t("documents.unsigned")}</p>
        {issue.isError && <ProblemNotice error={issue.error} />}
        <Button type="submit" size="big" disabled={issue.isPending}>
          {t("documents.issue.short")}
        </Button>
      </form>
    </Dialog>
  );
}
