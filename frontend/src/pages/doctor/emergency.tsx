import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { staff } from "../../api/staff";
import { Button } from "../../components/button";
import { Field } from "../../components/field";
import { Notice } from "../../components/notice";
import { useI18n } from "../../i18n";
import { ProblemNotice } from "../staff/problem";

const SHORTEST = 10;

/** In an emergency: the patient may come in without an authorisation, for a reason that goes on record. */
export function Emergency({ participantId, onClose }: { participantId: string; onClose: () => void }) {
  const { t } = useI18n();
  const [reason, setReason] = useState("");
  const waive = useMutation({ mutationFn: () => staff.overrideConsent(participantId, reason.trim()) });
  if (waive.isSuccess)
    return (
      <Notice tone="calm" title={t("emergency.done")}>
        <p>{t("emergency.done.next")}</p>
      </Notice>
    );
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    waive.mutate();
  };
  return (
    <form onSubmit={submit} className="grid gap-3">
      <p>{t("emergency.note")}</p>
      <Field
        label={t("emergency.reason")}
        hint={t("emergency.reason.hint")}
        value={reason}
        required
        minLength={SHORTEST}
        maxLength={500}
        onChange={(event) => setReason(event.target.value)}
      />
      {waive.error && <ProblemNotice error={waive.error} />}
      <div className="flex flex-wrap gap-2">
        <Button
          type="submit"
          look="danger"
          size="small"
          disabled={waive.isPending || reason.trim().length < SHORTEST}
        >
          {t("emergency.confirm")}
        </Button>
        <Button look="secondary" size="small" onClick={onClose}>
          {t("app.cancel")}
        </Button>
      </div>
    </form>
  );
}
