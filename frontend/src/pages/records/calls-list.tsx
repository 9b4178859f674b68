import { useInfiniteQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Link } from "wouter";
import { codeOf } from "../../api/client";
import { staff } from "../../api/staff";
import type { CallSummary } from "../../api/types";
import { Button } from "../../components/button";
import { Field, SelectField } from "../../components/field";
import { Loading } from "../../components/loading";
import { useI18n } from "../../i18n";
import { clock, startOfDay } from "../../i18n/format";
import { OUTCOMES } from "../call/end-dialog";
import { Empty } from "../staff/empty";
import { ProblemNotice } from "../staff/problem";
import { saveFile } from "./save-file";

export interface Filters {
  from: string;
  to: string;
  patient: string;
  outcome: string;
}

const NO_FILTERS: Filters = { from: "", to: "", patient: "", outcome: "" };

/** The filters as the server takes them: whole days here, the last one included. */
export function queryOf({ from, to, patient, outcome }: Filters): Record<string, string> {
  return {
    ...(from && { from: startOfDay(from) }),
    ...(to && { to: startOfDay(to, 1) }),
    ...(patient && { patient }),
    ...(outcome && { outcome }),
  };
}

/** Call history with filters and files of the same. `base` is where a record's page lives. */
export function CallsList({ base, doctors = false }: { base: string; doctors?: boolean }) {
  const { t } = useI18n();
  const [filters, setFilters] = useState(NO_FILTERS);
  const query = queryOf(filters);
  const calls = useInfiniteQuery({
    queryKey: ["calls", query],
    queryFn: ({ pageParam }) => staff.calls({ ...query, limit: 50, cursor: pageParam }),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
  });
  const items = calls.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <div className="grid grid-cols-1 gap-4">
      <FilterForm onApply={setFilters} query={query} />
      {calls.isPending && <Loading label={t("app.loading")} />}
      {calls.isError && <ProblemNotice error={calls.error} onRetry={() => void calls.refetch()} />}
      {calls.isSuccess && items.length === 0 && (
        <Empty title={t("history.empty")} next={t("history.empty.next")} />
      )}
      {items.length > 0 && (
        <ul className="grid grid-cols-1 gap-2">
          {items.map((call) => (
            <li key={call.id}>
              <CallRow call={call} base={base} doctors={doctors} />
            </li>
          ))}
        </ul>
      )}
      {calls.hasNextPage && (
        <Button look="secondary" disabled={calls.isFetching} onClick={() => void calls.fetchNextPage()}>
          {t("app.more")}
        </Button>
      )}
    </div>
  );
}

function FilterForm({
  onApply,
  query,
}: {
  onApply: (filters: Filters) => void;
  query: Record<string, string>;
}) {
  const { t, words } = useI18n();
  const [problem, setProblem] = useState<string | null>(null);
  const apply = (event: FormEvent<HTMLFormElement>) => {
    const form = new FormData(event.currentTarget);
    const text = (name: string) => String(form.get(name) ?? "").trim();
    onApply({ from: text("from"), to: text("to"), patient: text("patient"), outcome: text("outcome") });
  };
  const download = (ending: "csv" | "json") =>
    staff.callsFile(ending, query).then(
      (blob) => {
        setProblem(null);
        saveFile(blob, `${t("history.file")}.${ending}`);
      },
      (error: unknown) => setProblem(codeOf(error)),
    );
  return (
    <form
      aria-label={t("history.filters")}
      onChange={apply}
      onSubmit={(event) => {
        event.preventDefault();
        apply(event);
      }}
      className="grid items-end gap-3 rounded-card border border-line bg-surface p-4 sm:grid-cols-2 lg:grid-cols-4"
    >
      <Field label={t("history.from")} name="from" type="date" />
      <Field label={t("history.to")} name="to" type="date" />
      <Field label={t("history.patient")} name="patient" type="search" maxLength={120} />
      <SelectField
        label={t("history.outcome")}
        name="outcome"
        choices={[
          { value: "", label: t("history.outcome.any") },
          ...OUTCOMES.map((value) => ({ value, label: t(`outcome.${value}`) })),
        ]}
      />
      <div className="flex flex-wrap gap-2 *:flex-1 sm:col-span-full sm:*:flex-none">
        <Button look="secondary" icon="download" onClick={() => void download("csv")}>
          {t("history.csv")}
        </Button>
        <Button look="secondary" icon="download" onClick={() => void download("json")}>
          {t("history.json")}
        </Button>
      </div>
      {problem && (
        <p role="alert" className="col-span-full text-danger">
          {words(problem).title}. {words(problem).next}
        </p>
      )}
    </form>
  );
}

const GRADE = { good: "text-ok", fair: "text-warn", poor: "text-danger" } as const;

function CallRow({ call, base, doctors }: { call: CallSummary; base: string; doctors: boolean }) {
  const { t, term, format } = useI18n();
  const length = call.duration_seconds === null ? t("history.open") : clock(call.duration_seconds);
  return (
    <Link
      href={`${base}/${call.id}`}
      className="grid grid-cols-[1fr_auto] items-center gap-x-4 gap-y-1 rounded-card border border-line bg-surface p-4 hover:border-accent sm:grid-cols-[9rem_1fr_12rem_8rem]"
    >
      <span className="text-sm text-muted tabular-nums">{format.moment(call.started_at)}</span>
      <span className="order-first col-span-2 min-w-0 sm:order-none sm:col-span-1">
        <strong className="block truncate">{call.patient.name}</strong>
        {doctors && <span className="block truncate text-sm text-muted">{call.doctor.name}</span>}
      </span>
      <span className="text-sm">
        {call.outcome ? term("outcome", call.outcome) : t("history.no_outcome")}
      </span>
      <span className="text-sm tabular-nums sm:text-right">
        {length}
        {call.quality_grade && (
          <span className={`block ${GRADE[call.quality_grade]}`}>
            {t(`call.quality.${call.quality_grade}`)}
          </span>
        )}
      </span>
    </Link>
  );
}
