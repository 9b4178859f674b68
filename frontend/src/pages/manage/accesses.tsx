/** /admin/gestao/acessos: who has read which patient's record. */
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Link, useSearchParams } from "wouter";
import { office } from "../../api/office";
import { staff } from "../../api/staff";
import type { AccessOut } from "../../api/types";
import { Button } from "../../components/button";
import { Field, SelectField } from "../../components/field";
import { Loading } from "../../components/loading";
import { useI18n } from "../../i18n";
import { startOfDay } from "../../i18n/format";
import { Empty } from "../staff/empty";
import { ProblemNotice } from "../staff/problem";
import { Head, MANAGE, Scrolling, Section } from "./section";

const WHAT = [
  "list",
  "record",
  "quality",
  "note",
  "document",
  "follow_up",
  "csv",
  "json",
  "dossier",
  "fhir",
  "subject_export",
] as const satisfies readonly AccessOut["what"][];

export default function AccessesPage() {
  const { t } = useI18n();
  return (
    <Section title={t("seen.title")} lead={t("seen.lead")}>
      <Accesses />
    </Section>
  );
}

function Accesses() {
  const { t } = useI18n();
  const [search, setSearch] = useSearchParams();
  const [query, setQuery] = useState<Record<string, string>>({});
  const patient = search.get("patient") ?? "";
  const users = useQuery({ queryKey: ["users"], queryFn: () => staff.users({ limit: 100 }) });
  const asked = { ...query, ...(patient && { patient_id: patient }) };
  const seen = useInfiniteQuery({
    queryKey: ["accesses", asked],
    queryFn: ({ pageParam }) => office.accesses({ ...asked, limit: 50, cursor: pageParam }),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
  });
  const items = seen.data?.pages.flatMap((page) => page.items) ?? [];
  const filter = (event: FormEvent<HTMLFormElement>) => {
    const form = new FormData(event.currentTarget);
    const text = (name: string) => String(form.get(name) ?? "");
    setQuery({
      ...(text("from") && { from: startOfDay(text("from")) }),
      ...(text("to") && { to: startOfDay(text("to"), 1) }),
      ...(text("user_id") && { user_id: text("user_id") }),
      ...(text("what") && { what: text("what") }),
    });
  };
  return (
    <>
      <form
        aria-label={t("history.filters")}
        onChange={filter}
        onSubmit={(event) => event.preventDefault()}
        className="grid grid-cols-1 items-start gap-3 rounded-card border border-line bg-surface p-4 sm:grid-cols-2 lg:grid-cols-4"
      >
        <Field label={t("history.from")} name="from" type="date" />
        <Field label={t("history.to")} name="to" type="date" />
        <SelectField
          label={t("seen.who")}
          name="user_id"
          choices={[
            { value: "", label: t("seen.everyone") },
            ...(users.data?.items.map(({ id, name }) => ({ value: id, label: name })) ?? []),
          ]}
        />
        <SelectField
          label={t("seen.what")}
          name="what"
          choices={[
            { value: "", label: t("seen.all") },
            ...WHAT.map((value) => ({ value, label: t(`seen.what.${value}`) })),
          ]}
        />
      </form>
      {patient && (
        <p className="flex flex-wrap items-center gap-3">
          {items[0] && <span>{t("seen.only", { name: items[0].patient.name })}</span>}
          <Button look="secondary" size="small" onClick={() => setSearch({})}>
            {t("seen.only.off")}
          </Button>
        </p>
      )}
      {seen.isPending && <Loading label={t("app.loading")} />}
      {seen.isError && <ProblemNotice error={seen.error} onRetry={() => void seen.refetch()} />}
      {seen.isSuccess && items.length === 0 && (
        <Empty title={t("seen.empty")} next={t("history.empty.next")} />
      )}
      {items.length > 0 && <Table items={items} />}
      {seen.hasNextPage && (
        <Button look="secondary" disabled={seen.isFetching} onClick={() => void seen.fetchNextPage()}>
          {t("app.more")}
        </Button>
      )}
    </>
  );
}

function Table({ items }: { items: readonly AccessOut[] }) {
  const { t, format } = useI18n();
  return (
    <Scrolling label={t("seen.title")}>
      <table className="w-full text-left text-sm">
        <Head columns={[t("audit.at"), t("seen.who"), t("seen.patient"), t("seen.what")]} />
        <tbody className="divide-y divide-line">
          {items.map((one, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the list only grows at its end, and one reading may equal another
            <tr key={at}>
              <td className="px-4 py-2 whitespace-nowrap tabular-nums">
                {format.date(one.at)} {format.seconds(one.at)}
              </td>
              <td className="px-4 py-2">{one.user?.name ?? t("audit.system")}</td>
              <td className="px-4 py-2">
                <Link
                  href={`${MANAGE}/acessos?patient=${one.patient.id}`}
                  className="font-medium text-accent underline"
                >
                  {one.patient.name}
                </Link>
              </td>
              <td className="px-4 py-2">
                {t(`seen.what.${one.what}`)}
                {one.call_id && (
                  <Link
                    href={`/admin/consultas/${one.call_id}`}
                    className="ml-3 whitespace-nowrap text-accent underline"
                  >
                    {t("seen.open")}
                  </Link>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scrolling>
  );
}
