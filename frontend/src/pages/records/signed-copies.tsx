import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type ChangeEvent, useId } from "react";
import { staff } from "../../api/staff";
import type { SignedCopyOut } from "../../api/types";
import { useI18n } from "../../i18n";
import { ProblemNotice } from "../staff/problem";
import { Downloadable } from "./downloadable";

/** The copies of one document that came back signed, and giving one more back. */
export function SignedCopies({
  callId,
  documentId,
  copies,
}: {
  callId: string;
  documentId: string;
  copies: readonly SignedCopyOut[];
}) {
  const { t } = useI18n();
  const id = useId();
  const client = useQueryClient();
  const give = useMutation({
    mutationFn: (file: Blob) => staff.giveBack(documentId, file),
    onSuccess: () => client.invalidateQueries({ queryKey: ["documents", callId] }),
  });
  const choose = (event: ChangeEvent<HTMLInputElement>) => {
    const file = event.target.files?.[0];
    event.target.value = "";
    if (file) give.mutate(file);
  };
  return (
    <div className="mt-2 grid w-full gap-2 border-t border-line pt-2">
      {copies.map((copy) => (
        <Copy key={copy.id} documentId={documentId} copy={copy} />
      ))}
      <details className="grid gap-2">
        <summary className="min-h-9 text-sm font-medium text-accent">{t("documents.signed.add")}</summary>
        <div className="grid gap-2 pt-1">
          <p className="text-sm text-muted">{t("documents.signed.note")}</p>
          <label htmlFor={id} className="text-sm font-medium">
            {t("documents.signed.choose")}
          </label>
          <input
            id={id}
            type="file"
            accept="application/pdf"
            disabled={give.isPending}
            onChange={choose}
            className="w-full text-sm file:mr-3 file:min-h-9 file:rounded-card file:border-0 file:bg-sunken file:px-3 file:font-medium"
          />
        </div>
      </details>
      {give.isError && <ProblemNotice error={give.error} />}
    </div>
  );
}

function Copy({ documentId, copy }: { documentId: string; copy: SignedCopyOut }) {
  const { t, format } = useI18n();
  return (
    <Downloadable
      fetch={() => staff.signedFile(documentId, copy.id)}
      file={t("documents.signed.file")}
      label={t("documents.signed.download")}
    >
      <p className="text-sm">{t("documents.signed", { when: format.moment(copy.added_at) })}</p>
      {!copy.contains_issued && <p className="text-sm text-warn">{t("documents.signed.other")}</p>}
    </Downloadable>
  );
}
