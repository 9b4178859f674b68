/** /admin/gestao/avisos: which systems are told what. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { office } from "../../api/office";
import type { WebhookOut } from "../../api/types";
import { Button } from "../../components/button";
import { Loading } from "../../components/loading";
import { useI18n } from "../../i18n";
import { Empty } from "../staff/empty";
import { ProblemNotice } from "../staff/problem";
import { Section } from "./section";
import { WebhookForm } from "./webhook-form";
import { WebhookRow } from "./webhook-row";

export default function WebhooksPage() {
  const { t } = useI18n();
  return (
    <Section title={t("hooks.title")} lead={t("hooks.lead")}>
      <Webhooks />
    </Section>
  );
}

function Webhooks() {
  const { t } = useI18n();
  const [editing, setEditing] = useState<WebhookOut | "new" | null>(null);
  const hooks = useQuery({ queryKey: ["webhooks"], queryFn: office.webhooks });
  return (
    <>
      <div>
        <Button icon="plus" onClick={() => setEditing("new")}>
          {t("hooks.add")}
        </Button>
      </div>
      {hooks.isPending && <Loading label={t("app.loading")} />}
      {hooks.isError && <ProblemNotice error={hooks.error} onRetry={() => void hooks.refetch()} />}
      {hooks.data?.items.length === 0 && <Empty title={t("hooks.empty")} next={t("hooks.empty.next")} />}
      <ul className="grid grid-cols-1 gap-3">
        {hooks.data?.items.map((hook) => (
          <li key={hook.id}>
            <WebhookRow hook={hook} onEdit={() => setEditing(hook)} />
          </li>
        ))}
      </ul>
      {editing && <WebhookForm known={editing === "new" ? null : editing} onClose={() => setEditing(null)} />}
    </>
  );
}
