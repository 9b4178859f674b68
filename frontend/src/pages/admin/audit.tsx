/** /admin/auditoria: what was done, by whom, and whether the chain holds. */
import { useInfiniteQuery, useMutation, useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { office } from "../../api/office";
import { staff } from "../../api/staff";
import type { AuditOut } from "../../api/types";
import { Button } from "../../components/button";
import { Field, SelectField } from "../../components/field";
import { Loading } from "../../components/loading";
import { Notice } from "../../components/notice";
import { useI18n } from "../../i18n";
import { startOfDay } from "../../i18n/format";
import { Section } from "../manage/section";
import { Empty } from "../staff/empty";
import { ProblemNotice } from "../staff/problem";

export default function AuditPage() {
  const { t } = useI18n();
  return (
    <Section top title={t("audit.title")} lead={t("audit.lead")}>
      <Chain />
      <Entries />
    </Section>
  );
}

function Chain() {
  const { t, plural } = useI18n();
  const verify = useMutation({ mutationFn: staff.verifyAudit });
  const found = verify.data;
  return (
    <div className="grid gap-3">
      <div>
        <Button icon="shield" disabled={verify.isPending} onClick={() => verify.mutate()}>
          {verify.isPending ? t("audit.verifying") : t("audit.verify")}
        </Button>
      </div>
      {verify.isError && <ProblemNotice error={verify.error} />}
      {found?.ok && (
        <Notice tone="good" title={t("audit.ok")}>
          <p>{plural("audit.ok.next", found.entries)}</p>
          {found.head && (
            <p className="text-sm break-all text-muted">{t("audit.head", { hash: found.head })}</p>
          )}
        </Notice>
      )}
      {found && !found.ok && (
        <Notice tone="problem" title={t("audit.broken", { seq: found.broken_at ?? t("app.none") })}>
          <p>{t("audit.broken.next")}</p>
          {found.problem && <p className="text-sm break-all">{found.problem}</p>}
        </Notice>
      )}
    </div>
  );
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function Entries() {
  const { t } = useI18n();
  const [query, setQuery] = useState<Record<string, string>>({});
  const entries = useInfiniteQuery({
    queryKey: ["audit", query],
    queryFn: ({ pageParam }) => staff.audit({ ...query, limit: 50, cursor: pageParam }),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
  });
  const actions = useQuery({
    queryKey: ["audit actions"],
    queryFn: office.auditActions,
    staleTime: Infinity,
  });
  const users = useQuery({ queryKey: ["users"], queryFn: () => staff.users({ limit: 100 }) });
  const items = entries.data?.pages.flatMap((page) => page.items) ?? [];
  const filter = (event: FormEvent<HTMLFormElement>) => {
    const form = new FormData(event.currentTarget);
    const text = (name: string) => String(form.get(name) ?? "").trim();
    setQuery({
      ...(text("from") && { from: startOfDay(text("from")) }),
      ...(text("to") && { to: startOfDay(text("to"), 1) }),
      ...(text("action") && { action: text("action") }),
      ...(text("actor_id") && { actor_id: text("actor_id") }),
      ...(UUID.test(text("target_id")) && { target_id: text("target_id") }),
    });
  };
  return (
    <>
      <form
        aria-label={t("history.filters")}
        onChange={filter}
        onSubmit={(event) => event.preventDefault()}
        className="grid grid-cols-1 items-start gap-3 rounded-card border border-line bg-surface p-4 sm:grid-cols-2 lg:grid-cols-3"
      >
        <Field label={t("history.from")} name="from" type="date" />
        <Field label={t("history.to")} name="to" type="date" />
        <SelectField
          label={t("audit.filter")}
          name="action"
          choices={[
            { value: "", label: t("audit.all") },
            ...(actions.data?.items.map((value) => ({ value, label: value })) ?? []),
          ]}
        />
        <SelectField
          label={t("audit.actor")}
          name="actor_id"
          choices={[
            { value: "", label: t("audit.all") },
            ...(users.data?.items.map(({ id, name }) => ({ value: id, label: name })) ?? []),
          ]}
        />
        <Field
          label={t("audit.target")}
          name="target_id"
          type="search"
          maxLength={36}
          autoComplete="off"
          hint={t("audit.target.hint")}
        />
      </form>
      {entries.isPending && <Loading label={t("app.loading")} />}
      {entries.isError && <ProblemNotice error={entries.error} onRetry={() => void entries.refetch()} />}
      {entries.isSuccess && items.length === 0 && (
        <Empty title={t("audit.empty")} next={t("history.empty.next")} />
      )}
      {items.length > 0 && <Table items={items} />}
      {entries.hasNextPage && (
        <Button look="secondary" disabled={entries.isFetching} onClick={() => void entries.fetchNextPage()}>
          {t("app.more")}
        </Button>
      )}
    </>
  );
}

function Table({ items }: { items: readonly AuditOut[] }) {
  const { t, format } = useI18n();
  const short = (who: AuditOut["actor"]) => (who ? `${who.type} ${who.id.slice(0, 8)}` : t("audit.system"));
  return (
    <section
      aria-label={t("audit.title")}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
      tabIndex={0}
      className="overflow-x-auto rounded-card border border-line bg-surface"
    >
      <table className="w-full text-left text-sm">
        <thead className="border-b border-line text-muted">
          <tr>
            {(
              [
                "audit.seq",
                "audit.at",
                "audit.action",
                "audit.actor",
                "audit.target",
                "audit.details",
              ] as const
            ).map((key) => (
              <th key={key} scope="col" className="px-4 py-2 font-medium">
                {t(key)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {items.map((entry) => (
            <tr key={entry.seq}>
              <td className="px-4 py-2 tabular-nums">{entry.seq}</td>
              <td className="px-4 py-2 whitespace-nowrap tabular-nums">
                {format.date(entry.at)} {format.seconds(entry.at)}
              </td>
              <td className="px-4 py-2 font-medium whitespace-nowrap">{entry.action}</td>
              <td className="px-4 py-2 whitespace-nowrap" title={entry.actor?.id}>
                {short(entry.actor)}
              </td>
              <td className="px-4 py-2 whitespace-nowrap" title={entry.target?.id}>
                {entry.target ? short(entry.target) : t("app.none")}
              </td>
              <td className="px-4 py-2 break-all">
                {Object.entries(entry.details)
                  .map(
                    ([name, value]) =>
                      `${name}: ${typeof value === "string" ? value : JSON.stringify(value)}`,
                  )
                  .join(" · ")}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
