import { useState } from "react";
import type { Outcome } from "../../call";
import { Button } from "../../components/button";
import { Dialog } from "../../components/dialog";
import { Field, SelectField } from "../../components/field";
import { useI18n } from "../../i18n";

export const OUTCOMES: readonly Outcome[] = [
  "completed",
  "converted_to_phone",
  "referred_in_person",
  "refused_by_patient",
  "refused_by_doctor",
  "technical_failure",
  "no_show",
];

const asOutcome = (value: string): Outcome => OUTCOMES.find((outcome) => outcome === value) ?? "completed";

/** The doctor's one question before the end: how did it go. */
export function EndDialog({
  onConfirm,
  onClose,
}: {
  onConfirm: (outcome: Outcome, reason: string | undefined) => void;
  onClose: () => void;
}) {
  const { t } = useI18n();
  const [outcome, setOutcome] = useState<Outcome>("completed");
  const [reason, setReason] = useState("");
  return (
    <Dialog title={t("call.end.ask")} onClose={onClose} closeLabel={t("app.close")}>
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          onConfirm(outcome, reason.trim() || undefined);
        }}
      >
        <p className="text-muted">{t("call.end.note")}</p>
        <SelectField
          label={t("call.end.outcome")}
          value={outcome}
          onChange={(event) => setOutcome(asOutcome(event.target.value))}
          choices={OUTCOMES.map((value) => ({ value, label: t(`outcome.${value}`) }))}
        />
        <Field
          label={`${t("call.end.reason")} (${t("app.optional")})`}
          value={reason}
          maxLength={500}
          onChange={(event) => setReason(event.target.value)}
        />
        <div className="flex flex-wrap justify-end gap-2">
          <Button look="secondary" onClick={onClose}>
            {t("app.cancel")}
          </Button>
          <Button type="submit" look="danger">
            {t("call.end.confirm")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
