import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { office } from "../../api/office";
import type { RetentionKind, RetentionRunOut } from "../../api/types";
import { Button } from "../../components/button";
import { useI18n } from "../../i18n";
import { ProblemNotice } from "../staff/problem";

/** What was counted and what went. */
export function Runs({ runs }: { runs: readonly RetentionRunOut[] }) {
  const { t } = useI18n();
  if (runs.length === 0) return null;
  return (
    <section aria-labelledby="runs" className="grid grid-cols-1 gap-3">
      <h2 id="runs" className="text-lg font-semibold">
        {t("keep.runs")}
      </h2>
      <ul className="grid grid-cols-1 gap-2">
        {runs.map((run) => (
          <li key={run.id}>
            <Run run={run} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Run({ run }: { run: RetentionRunOut }) {
  const { t, format } = useI18n();
  const name = run.dry_run ? "keep.run.preview" : run.by_itself ? "keep.run.daily" : "keep.run.deletion";
  const classes = Object.entries(run.counts).filter(([, tables]) => Object.keys(tables).length > 0);
  return (
    <article className="grid grid-cols-1 gap-2 rounded-card border border-line bg-surface p-4">
      <div className="flex flex-wrap justify-between gap-2">
        <h3 className="font-semibold">{t(name)}</h3>
        <p className="text-sm text-muted tabular-nums">{format.moment(run.created_at)}</p>
      </div>
      {run.state !== "done" && (
        <p role="status" className="text-muted">
          {t(run.dry_run ? "keep.working" : "keep.deleting")}
        </p>
      )}
      {run.state === "done" && classes.length === 0 && <p className="text-muted">{t("keep.nothing")}</p>}
      {classes.length > 0 && (
        <dl className="grid grid-cols-1 gap-x-6 gap-y-1 sm:grid-cols-[auto_1fr]">
          {classes.map(([kind, tables]) => (
            <Counted key={kind} kind={kind as RetentionKind} tables={tables} />
          ))}
        </dl>
      )}
      {run.usable && classes.length > 0 && <Order run={run} />}
    </article>
  );
}

function Counted({ kind, tables }: { kind: RetentionKind; tables: Record<string, number> }) {
  const { t, plural } = useI18n();
  const rows = Object.values(tables).reduce((sum, one) => sum + one, 0);
  const people = kind === "clinical_record" ? (tables.people ?? 0) : 0;
  return (
    <>
      <dt>{t(`keep.kind.${kind}`)}</dt>
      <dd
        className="text-muted tabular-nums"
        title={Object.entries(tables)
          .map(([name, count]) => `${name}: ${count}`)
          .join("\n")}
      >
        {people > 0 && `${plural("keep.people", people)} · `}
        {plural("keep.rows", rows)}
      </dd>
    </>
  );
}

/** Deleting what this preview has counted, after one question. */
function Order({ run }: { run: RetentionRunOut }) {
  const { t } = useI18n();
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const order = useMutation({
    mutationFn: () => office.runRetention(run.id),
    onSettled: async () => {
      setAsking(false);
      await client.invalidateQueries({ queryKey: ["retention"] });
    },
  });
  return (
    <div className="grid gap-2 border-t border-line pt-3">
      {asking ? (
        <div role="alert" className="flex flex-wrap items-center gap-2">
          <p className="flex-1 basis-60">{t("keep.run.ask")}</p>
          <Button look="danger" size="small" disabled={order.isPending} onClick={() => order.mutate()}>
            {t("keep.run")}
          </Button>
          <Button look="secondary" size="small" onClick={() => setAsking(false)}>
            {t("app.cancel")}
          </Button>
        </div>
      ) : (
        <div>
          <Button look="secondary" size="small" onClick={() => setAsking(true)}>
            {t("keep.run")}
          </Button>
        </div>
      )}
      {order.isError && <ProblemNotice error={order.error} />}
    </div>
  );
}
