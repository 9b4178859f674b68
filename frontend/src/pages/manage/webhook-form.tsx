import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { office } from "../../api/office";
import type { WebhookEvent, WebhookOut, WebhookSecretOut } from "../../api/types";
import { Button } from "../../components/button";
import { Dialog } from "../../components/dialog";
import { Checkbox, Field } from "../../components/field";
import { useI18n } from "../../i18n";
import { mistakes } from "../staff/paper-form";
import { ProblemNotice } from "../staff/problem";
import { Secret } from "./secret";

export const EVENTS = ["call.started", "call.ended", "room.closed", "invitation.opened"] as const;

/** A receiver, new or known. A new one's secret is shown in the same dialog, this once. */
export function WebhookForm({ known, onClose }: { known: WebhookOut | null; onClose: () => void }) {
  const { t } = useI18n();
  const client = useQueryClient();
  const [made, setMade] = useState<WebhookSecretOut | null>(null);
  const [chosen, setChosen] = useState<readonly WebhookEvent[]>(known?.events ?? EVENTS);
  const save = useMutation({
    mutationFn: async (form: FormData): Promise<WebhookSecretOut | null> => {
      const text = (name: string) => String(form.get(name) ?? "").trim();
      const wish = { url: text("url"), description: text("description"), events: [...chosen] };
      if (known) {
        await office.changeWebhook(known.id, wish);
        return null;
      }
      return office.addWebhook(wish);
    },
    onSuccess: async (fresh) => {
      await client.invalidateQueries({ queryKey: ["webhooks"] });
      if (fresh) setMade(fresh);
      else onClose();
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (chosen.length > 0) save.mutate(new FormData(event.currentTarget));
  };
  const wrong = mistakes(save.error, t);
  const title = t(known ? "hooks.edit" : "hooks.add");
  return (
    <Dialog title={title} onClose={onClose} closeLabel={t("app.close")}>
      {made ? (
        <Secret secret={made.secret} />
      ) : (
        <form onSubmit={submit} className="grid gap-4">
          <Field
            label={t("hooks.url")}
            name="url"
            type="url"
            required
            maxLength={500}
            defaultValue={known?.url}
            placeholder="https://"
            autoComplete="off"
            hint={t("hooks.url.hint")}
            error={wrong.url ?? null}
          />
          <Field
            label={`${t("hooks.description")} (${t("app.optional")})`}
            name="description"
            maxLength={120}
            defaultValue={known?.description ?? ""}
            autoComplete="off"
          />
          <fieldset>
            <legend className="font-medium">{t("hooks.events")}</legend>
            {EVENTS.map((event) => (
              <Checkbox
                key={event}
                label={t(`hooks.event.${event}`)}
                checked={chosen.includes(event)}
                onChange={({ target }) =>
                  setChosen(target.checked ? [...chosen, event] : chosen.filter((one) => one !== event))
                }
              />
            ))}
            {chosen.length === 0 && (
              <p role="alert" className="text-sm font-medium text-danger">
                {t("hooks.events.missing")}
              </p>
            )}
          </fieldset>
          {save.isError && <ProblemNotice error={save.error} />}
          <Button type="submit" size="big" disabled={save.isPending}>
            {t(known ? "form.save" : "hooks.create")}
          </Button>
        </form>
      )}
    </Dialog>
  );
}
