import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { staff } from "../../api/staff";
import type { Outcome } from "../../api/types";
import { Button } from "../../components/button";
import { SelectField } from "../../components/field";
import { useI18n } from "../../i18n";
import { OUTCOMES } from "../call/end-dialog";
import { ProblemNotice } from "../staff/problem";

/** Ends a room from the dashboard, for instance when nobody came. */
export function CloseRoom({ roomId }: { roomId: string }) {
  const { t } = useI18n();
  const client = useQueryClient();
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const close = useMutation({
    mutationFn: (how: Outcome) => staff.closeRoom(roomId, { outcome: how }),
    onSettled: () => client.invalidateQueries({ queryKey: ["rooms"] }),
  });
  if (!outcome)
    return (
      <div>
        <Button look="quiet" size="small" onClick={() => setOutcome("no_show")}>
          {t("room.close")}
        </Button>
      </div>
    );
  return (
    <div className="grid gap-3 rounded-card border border-line p-3">
      <p className="font-medium">{t("room.close.ask")}</p>
      <SelectField
        label={t("call.end.outcome")}
        value={outcome}
        onChange={(event) => setOutcome(OUTCOMES.find((value) => value === event.target.value) ?? "no_show")}
        choices={OUTCOMES.map((value) => ({ value, label: t(`outcome.${value}`) }))}
      />
      {close.error && <ProblemNotice error={close.error} />}
      <div className="flex gap-2">
        <Button look="danger" size="small" disabled={close.isPending} onClick={() => close.mutate(outcome)}>
          {t("call.end.confirm")}
        </Button>
        <Button look="secondary" size="small" onClick={() => setOutcome(null)}>
          {t("app.cancel")}
        </Button>
      </div>
    </div>
  );
}
