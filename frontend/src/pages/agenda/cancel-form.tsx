import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { staff } from "../../api/staff";
import type { RoomOut } from "../../api/types";
import { Button } from "../../components/button";
import { Field } from "../../components/field";
import { useI18n } from "../../i18n";
import type { Clinic } from "../doctor/use-clinic";
import { ProblemNotice } from "../staff/problem";
import { WhoAndWhen } from "./room-dialog";

/** One question before a consultation is called off: what happens, and to whom it is told. */
export function CancelForm({
  room,
  clinic,
  onBack,
  onDone,
}: {
  room: RoomOut;
  clinic: Clinic;
  onBack: () => void;
  onDone: () => void;
}) {
  const { t } = useI18n();
  const client = useQueryClient();
  const [reason, setReason] = useState("");
  const cancel = useMutation({
    mutationFn: () => staff.closeRoom(room.id, { outcome: "cancelled", reason: reason.trim() || null }),
    onSuccess: onDone,
    onSettled: () => client.invalidateQueries({ queryKey: ["rooms"] }),
  });
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        cancel.mutate();
      }}
    >
      <WhoAndWhen room={room} clinic={clinic} />
      <p>{t(room.patient.email ? "agenda.cancel.note" : "agenda.cancel.note.tell")}</p>
      <Field
        label={`${t("call.end.reason")} (${t("app.optional")})`}
        hint={t("agenda.cancel.reason.hint")}
        value={reason}
        maxLength={500}
        onChange={(event) => setReason(event.target.value)}
      />
      {cancel.error && <ProblemNotice error={cancel.error} />}
      <div className="flex flex-wrap justify-end gap-2">
        <Button look="secondary" onClick={onBack}>
          {t("agenda.back")}
        </Button>
        <Button type="submit" look="danger" disabled={cancel.isPending}>
          {t("agenda.cancel.confirm")}
        </Button>
      </div>
    </form>
  );
}
