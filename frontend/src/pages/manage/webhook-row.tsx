import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { office } from "../../api/office";
import type { WebhookDeliveryOut, WebhookOut } from "../../api/types";
import { Button } from "../../components/button";
import { useI18n } from "../../i18n";
import { ProblemNotice } from "../staff/problem";
import { Secret } from "./secret";
import { Head, Scrolling } from "./section";

/** While something waits to be sent, the log is asked again. */
const AGAIN_MS = 2_000;

/** One receiver: what it is told, what was sent to it, and what can be done. */
export function WebhookRow({ hook, onEdit }: { hook: WebhookOut; onEdit: () => void }) {
  const { t } = useI18n();
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const act = useMutation({
    mutationFn: async (what: "switch" | "test" | "secret") => {
      if (what === "switch") await office.changeWebhook(hook.id, { active: !hook.active });
      if (what === "test") await office.testWebhook(hook.id);
      return what === "secret" ? (await office.renewSecret(hook.id)).secret : null;
    },
    onSettled: async () => {
      setAsking(false);
      await client.invalidateQueries({ queryKey: ["webhooks"] });
    },
  });
  return (
    <article className="grid grid-cols-1 gap-3 rounded-card border border-line bg-surface p-4">
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-2">
        <div className="min-w-0">
          <h2 className="font-semibold break-all">{hook.description || hook.url}</h2>
          {hook.description && <p className="text-sm break-all text-muted">{hook.url}</p>}
          <p className="text-sm text-muted">
            {hook.events.map((event) => t(`hooks.event.${event}`)).join(" · ")}
          </p>
        </div>
        <p className={`text-sm font-medium ${hook.active ? "text-ok" : "text-muted"}`}>
          {t(hook.active ? "hooks.active" : "hooks.disabled")}
        </p>
      </div>
      <div className="flex flex-wrap gap-2">
        {hook.active && (
          <Button
            look="secondary"
            size="small"
            icon="send"
            disabled={act.isPending}
            onClick={() => act.mutate("test")}
          >
            {t("hooks.test")}
          </Button>
        )}
        <Button look="secondary" size="small" onClick={onEdit}>
          {t("hooks.edit")}
        </Button>
        <Button look="secondary" size="small" disabled={act.isPending} onClick={() => act.mutate("switch")}>
          {t(hook.active ? "hooks.disable" : "hooks.enable")}
        </Button>
        {!asking && (
          <Button look="secondary" size="small" onClick={() => setAsking(true)}>
            {t("hooks.secret.renew")}
          </Button>
        )}
      </div>
      {asking && (
        <div role="alert" className="flex flex-wrap items-center gap-2 border-t border-line pt-3">
          <p className="flex-1 basis-60">{t("hooks.secret.ask")}</p>
          <Button look="danger" size="small" disabled={act.isPending} onClick={() => act.mutate("secret")}>
            {t("hooks.secret.renew")}
          </Button>
          <Button look="secondary" size="small" onClick={() => setAsking(false)}>
            {t("app.cancel")}
          </Button>
        </div>
      )}
      {act.isError && <ProblemNotice error={act.error} />}
      {act.data && <Secret secret={act.data} />}
      <Log id={hook.id} />
    </article>
  );
}

function Log({ id }: { id: string }) {
  const { t } = useI18n();
  const log = useQuery({
    queryKey: ["webhooks", id],
    queryFn: () => office.deliveries(id, { limit: 10 }),
    refetchInterval: ({ state }) =>
      state.data?.items.some((one) => one.state === "queued" && one.attempts === 0) ? AGAIN_MS : false,
  });
  if (!log.data) return null;
  if (log.data.items.length === 0) return <p className="text-sm text-muted">{t("hooks.log.empty")}</p>;
  const columns = [t("hooks.when"), t("hooks.event"), t("hooks.state"), t("hooks.status"), t("hooks.took")];
  return (
    <Scrolling label={t("hooks.log")}>
      <table className="w-full text-left text-sm">
        <caption className="sr-only">{t("hooks.log")}</caption>
        <Head columns={columns} />
        <tbody className="divide-y divide-line">
          {log.data.items.map((one) => (
            <Line key={one.id} one={one} />
          ))}
        </tbody>
      </table>
    </Scrolling>
  );
}

const LOOK = { queued: "", delivered: "text-ok", failed: "text-danger", withdrawn: "text-muted" } as const;

function Line({ one }: { one: WebhookDeliveryOut }) {
  const { t, plural, format } = useI18n();
  const event = one.event as keyof typeof NAMES;
  return (
    <tr>
      <td className="px-4 py-2 whitespace-nowrap tabular-nums">{format.moment(one.created_at)}</td>
      <td className="px-4 py-2">{t(NAMES[event] ?? "hooks.event.ping")}</td>
      <td className={`px-4 py-2 font-medium ${LOOK[one.state]}`}>
        {t(`hooks.state.${one.state}`)}
        {one.attempts > 1 && (
          <span className="block font-normal text-muted">{plural("hooks.attempts", one.attempts)}</span>
        )}
        {one.next_at && one.attempts > 0 && (
          <span className="block font-normal text-muted">
            {t("hooks.next", { time: format.time(one.next_at) })}
          </span>
        )}
      </td>
      <td className="px-4 py-2">
        {one.status ?? t("app.none")}
        {one.error_code && <span className="block text-muted">{t(`hooks.error.${one.error_code}`)}</span>}
      </td>
      <td className="px-4 py-2 whitespace-nowrap tabular-nums">
        {one.duration_ms === null ? t("app.none") : format.length(one.duration_ms)}
      </td>
    </tr>
  );
}

const NAMES = {
  "call.started": "hooks.event.call.started",
  "call.ended": "hooks.event.call.ended",
  "room.closed": "hooks.event.room.closed",
  "invitation.opened": "hooks.event.invitation.opened",
  ping: "hooks.event.ping",
} as const;
