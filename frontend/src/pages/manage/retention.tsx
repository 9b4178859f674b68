/** /admin/gestao/prazos: how long everything is kept, and what goes. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { office } from "../../api/office";
import type { RetentionOut, RetentionRuleOut } from "../../api/types";
import { Button } from "../../components/button";
import { Field } from "../../components/field";
import { Loading } from "../../components/loading";
import { Notice } from "../../components/notice";
import { useI18n } from "../../i18n";
import { ProblemNotice } from "../staff/problem";
import { Runs } from "./retention-runs";
import { Section } from "./section";

/** While a run is at work, it is asked how far it is. */
const AGAIN_MS = 2_000;

export default function RetentionPage() {
  const { t } = useI18n();
  return (
    <Section title={t("keep.title")} lead={t("keep.lead")}>
      <Retention />
    </Section>
  );
}

function Retention() {
  const { t } = useI18n();
  const client = useQueryClient();
  const kept = useQuery({
    queryKey: ["retention"],
    queryFn: office.retention,
    refetchInterval: ({ state }) => (state.data?.runs.some((run) => run.state !== "done") ? AGAIN_MS : false),
  });
  const preview = useMutation({
    mutationFn: office.previewRetention,
    onSettled: () => client.invalidateQueries({ queryKey: ["retention"] }),
  });
  if (kept.isPending) return <Loading label={t("app.loading")} />;
  if (kept.isError) return <ProblemNotice error={kept.error} onRetry={() => void kept.refetch()} />;
  return (
    <>
      <ul className="grid grid-cols-1 divide-y divide-line rounded-card border border-line bg-surface">
        {kept.data.rules.map((rule) => (
          <li key={rule.kind} className="p-4">
            <RuleRow rule={rule} />
          </li>
        ))}
      </ul>
      <Notice tone="calm" title={t("keep.audit")} />
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <Button icon="history" disabled={preview.isPending} onClick={() => preview.mutate()}>
          {t("keep.preview")}
        </Button>
        <p className="text-sm text-muted">{t("keep.preview.hint")}</p>
      </div>
      {preview.isError && <ProblemNotice error={preview.error} />}
      <Runs runs={kept.data.runs} />
    </>
  );
}

function RuleRow({ rule }: { rule: RetentionRuleOut }) {
  const { t, format, plural } = useI18n();
  const client = useQueryClient();
  const [editing, setEditing] = useState(false);
  const save = useMutation({
    mutationFn: (days: number) => office.changeRetention(rule.kind, days),
    onSuccess: (now: RetentionOut) => {
      client.setQueryData(["retention"], now);
      setEditing(false);
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    save.mutate(Number(new FormData(event.currentTarget).get("days")));
  };
  const bounds =
    rule.most === null
      ? t("keep.least", { days: format.number(rule.least) })
      : t("keep.between", { least: format.number(rule.least), most: format.number(rule.most) });
  return (
    <div className="flex flex-wrap items-center gap-x-6 gap-y-2">
      <div className="min-w-0 flex-1 basis-72">
        <p className="font-medium">{t(`keep.kind.${rule.kind}`)}</p>
        <p className="text-sm text-muted">{t(rule.by_itself ? "keep.by_itself" : "keep.by_order")}</p>
      </div>
      {editing ? (
        <form onSubmit={submit} className="flex flex-wrap items-end gap-2">
          <div className="w-32">
            <Field
              label={t("keep.days")}
              name="days"
              type="number"
              required
              min={rule.least}
              {...(rule.most !== null && { max: rule.most })}
              defaultValue={rule.days}
            />
          </div>
          <Button type="submit" disabled={save.isPending}>
            {t("form.save")}
          </Button>
          <Button look="secondary" onClick={() => setEditing(false)}>
            {t("app.cancel")}
          </Button>
        </form>
      ) : (
        <>
          <p className="text-right tabular-nums">
            <span className="font-medium">{plural("keep.length", rule.days)}</span>
            <span className="block text-sm text-muted">{bounds}</span>
          </p>
          <Button
            look="secondary"
            size="small"
            aria-label={`${t("keep.change")}: ${t(`keep.kind.${rule.kind}`)}`}
            onClick={() => setEditing(true)}
          >
            {t("keep.change")}
          </Button>
        </>
      )}
      {save.isError && <ProblemNotice error={save.error} />}
    </div>
  );
}
