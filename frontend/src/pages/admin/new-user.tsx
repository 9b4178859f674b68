import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { staff } from "../../api/staff";
import type { StaffRole } from "../../api/types";
import { Button } from "../../components/button";
import { Dialog } from "../../components/dialog";
import { Checkbox, Field, SelectField } from "../../components/field";
import { useI18n } from "../../i18n";
import { LANGUAGE_NAMES, LANGUAGES, match } from "../../i18n/language";
import { ProblemNotice } from "../staff/problem";

const SHORTEST_PASSWORD = 12;

/** One more person of the staff: invited by e-mail, unless their first password is handed over. */
export function NewUser({ onClose }: { onClose: () => void }) {
  const { t, language } = useI18n();
  const client = useQueryClient();
  const [role, setRole] = useState<StaffRole>("doctor");
  const [now, setNow] = useState(false);
  const add = useMutation({
    mutationFn: (form: FormData) => {
      const text = (name: string) => String(form.get(name) ?? "").trim();
      return staff.addUser({
        name: text("name"),
        email: text("email"),
        role,
        council: text("council") || null,
        ...(now
          ? { password: String(form.get("password") ?? "") }
          : { language: match(text("language")) ?? "pt-BR" }),
      });
    },
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["users"] });
      onClose();
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    add.mutate(new FormData(event.currentTarget));
  };
  return (
    <Dialog title={t("users.add")} onClose={onClose} closeLabel={t("app.close")}>
      <form onSubmit={submit} className="grid gap-4">
        <Field label={t("users.name")} name="name" required maxLength={120} autoComplete="off" />
        <Field label={t("users.email")} name="email" type="email" required autoComplete="off" />
        <SelectField
          label={t("users.role")}
          value={role}
          onChange={(event) => setRole(event.target.value === "admin" ? "admin" : "doctor")}
          choices={(["doctor", "admin"] as const).map((value) => ({ value, label: t(`role.${value}`) }))}
        />
        {role === "doctor" && (
          <Field label={t("users.council")} name="council" hint={t("users.council.hint")} maxLength={40} />
        )}
        {now ? (
          <Field
            label={t("users.password")}
            name="password"
            type="password"
            required
            minLength={SHORTEST_PASSWORD}
            autoComplete="new-password"
            hint={t("users.password.hint")}
          />
        ) : (
          <SelectField
            label={t("users.language")}
            name="language"
            defaultValue={language}
            hint={t("users.invite.hint")}
            choices={LANGUAGES.map((value) => ({ value, label: LANGUAGE_NAMES[value] }))}
          />
        )}
        <Checkbox
          label={t("users.password.now")}
          checked={now}
          onChange={(event) => setNow(event.target.checked)}
        />
        {add.isError && <ProblemNotice error={add.error} />}
        <Button type="submit" size="big" disabled={add.isPending}>
          {t(now ? "users.create" : "users.invite")}
        </Button>
      </form>
    </Dialog>
  );
}
