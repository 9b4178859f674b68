import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { staff } from "../../api/staff";
import type { InviteeRole } from "../../api/types";
import { Button } from "../../components/button";
import { Field, SelectField } from "../../components/field";
import { useI18n } from "../../i18n";
import { match } from "../../i18n/language";
import { ProblemNotice } from "../staff/problem";

const ROLES: readonly InviteeRole[] = ["companion", "interpreter", "colleague", "patient"];

/** One more person for the same consultation. */
export function Companion({ roomId }: { roomId: string }) {
  const { t, language } = useI18n();
  const client = useQueryClient();
  const [open, setOpen] = useState(false);
  const invite = useMutation({
    mutationFn: (form: FormData) =>
      staff.invite(roomId, {
        name: String(form.get("name")).trim(),
        email: String(form.get("email")).trim() || null,
        role: ROLES.find((role) => role === form.get("role")) ?? "companion",
        language: match(language) ?? "pt-BR",
      }),
    onSuccess: () => setOpen(false),
    onSettled: () => client.invalidateQueries({ queryKey: ["rooms"] }),
  });
  if (!open)
    return (
      <div>
        <Button look="quiet" size="small" icon="plus" onClick={() => setOpen(true)}>
          {t("room.companion")}
        </Button>
      </div>
    );
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    invite.mutate(new FormData(event.currentTarget));
  };
  return (
    <form onSubmit={submit} className="grid gap-3 rounded-card border border-line p-3">
      <Field label={t("room.companion.name")} name="name" required maxLength={120} />
      <Field
        label={t("room.companion.email")}
        name="email"
        type="email"
        hint={t("room.patient.email.hint")}
      />
      <SelectField
        label={t("room.companion.role")}
        name="role"
        choices={ROLES.map((value) => ({ value, label: t(`role.${value}`) }))}
      />
      {invite.error && <ProblemNotice error={invite.error} />}
      <div className="flex gap-2">
        <Button type="submit" size="small" disabled={invite.isPending}>
          {t("room.companion.submit")}
        </Button>
        <Button look="secondary" size="small" onClick={() => setOpen(false)}>
          {t("app.cancel")}
        </Button>
      </div>
    </form>
  );
}
