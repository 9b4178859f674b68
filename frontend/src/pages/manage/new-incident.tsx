import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { office } from "../../api/office";
import { Button } from "../../components/button";
import { Dialog } from "../../components/dialog";
import { Field } from "../../components/field";
import { useI18n } from "../../i18n";
import { ProblemNotice } from "../staff/problem";
import { TextArea } from "./text-area";

/** Now, as a field of date and time has it here. */
function here(now: Date): string {
  return new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** Writing down an incident; what is written stays. */
export function NewIncident({ onClose }: { onClose: () => void }) {
  const { t } = useI18n();
  const client = useQueryClient();
  const add = useMutation({
    mutationFn: (form: FormData) => {
      const text = (name: string) => String(form.get(name) ?? "").trim();
      const known_at = new Date(text("known_at")).toISOString();
      return office.addIncident({ title: text("title"), known_at, text: text("text") });
    },
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["incidents"] });
      onClose();
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    add.mutate(new FormData(event.currentTarget));
  };
  const now = here(new Date());
  return (
    <Dialog title={t("incident.add")} onClose={onClose} closeLabel={t("app.close")} wide>
      <form onSubmit={submit} className="grid gap-4">
        <Field label={t("incident.name")} name="title" required minLength={3} maxLength={160} />
        <Field
          label={t("incident.known_at")}
          name="known_at"
          type="datetime-local"
          required
          max={now}
          defaultValue={now}
          hint={t("incident.known_at.hint")}
        />
        <TextArea label={t("incident.text")} name="text" hint={t("incident.text.hint")} />
        {add.isError && <ProblemNotice error={add.error} />}
        <Button type="submit" size="big" disabled={add.isPending}>
          {t("incident.create")}
        </Button>
      </form>
    </Dialog>
  );
}
