/** /admin/gestao/diagnostico: what works in this installation, and what to do where it does not. */
import { useQuery } from "@tanstack/react-query";
import { office } from "../../api/office";
import type { CheckupLine, CheckupOut } from "../../api/types";
import { Button } from "../../components/button";
import { Icon } from "../../components/icon";
import { Loading } from "../../components/loading";
import { Notice } from "../../components/notice";
import { useI18n } from "../../i18n";
import { ProblemNotice } from "../staff/problem";
import { Section } from "./section";

const LOOK = {
  wrong: { icon: "alert", mark: "text-danger", card: "border-danger/40 bg-danger-soft" },
  warning: { icon: "alert", mark: "text-warn", card: "border-warn/40 bg-warn-soft" },
  ok: { icon: "check", mark: "text-ok", card: "" },
  skipped: { icon: "more", mark: "text-muted", card: "" },
} as const;

export default function CheckupPage() {
  const { t } = useI18n();
  return (
    <Section title={t("manage.checkup")} lead={t("checkup.lead")}>
      <Checkup />
    </Section>
  );
}

function Checkup() {
  const { t, language } = useI18n();
  const found = useQuery({
    queryKey: ["checkup", language],
    queryFn: () => office.checkup(language),
    // Each look asks half the world: only when somebody wants it.
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
    retry: false,
  });
  return (
    <>
      <div>
        <Button icon="history" disabled={found.isFetching} onClick={() => void found.refetch()}>
          {t("checkup.again")}
        </Button>
      </div>
      {found.isFetching && <Loading label={t("checkup.working")} />}
      {found.isError && !found.isFetching && <ProblemNotice error={found.error} />}
      {found.data && !found.isFetching && <Found checkup={found.data} />}
    </>
  );
}

function Found({ checkup }: { checkup: CheckupOut }) {
  const { t, plural, format } = useI18n();
  const of = (...states: CheckupLine["state"][]) =>
    states.flatMap((one) => checkup.lines.filter((line) => line.state === one));
  const title =
    checkup.wrong > 0
      ? plural("checkup.wrong", checkup.wrong)
      : checkup.warnings > 0
        ? plural("checkup.warnings", checkup.warnings)
        : t("checkup.fine");
  const tone = checkup.wrong > 0 ? "problem" : checkup.warnings > 0 ? "warning" : "good";
  return (
    <>
      <Notice tone={tone} title={title}>
        <p className="text-sm text-muted">
          {t("checkup.when", {
            moment: format.moment(checkup.at),
            seconds: format.number(Math.max(1, Math.round(checkup.seconds))),
          })}
        </p>
      </Notice>
      <Lines title={t("checkup.todo")} lines={of("wrong", "warning")} />
      <Lines title={t("checkup.ok")} lines={of("ok")} dense />
      <Lines title={t("checkup.skipped")} lines={of("skipped")} dense />
    </>
  );
}

/** A heading with its lines, or nothing at all; `dense` where there is nothing to do. */
function Lines({
  title,
  lines,
  dense = false,
}: {
  title: string;
  lines: readonly CheckupLine[];
  dense?: boolean;
}) {
  if (lines.length === 0) return null;
  return (
    <section aria-label={title} className="grid grid-cols-1 gap-2">
      <h2 className="text-lg font-semibold">{title}</h2>
      <ul
        className={`grid grid-cols-1 ${dense ? "divide-y divide-line rounded-card border border-line bg-surface" : "gap-2"}`}
      >
        {lines.map((line) => (
          <Line key={line.id} line={line} dense={dense} />
        ))}
      </ul>
    </section>
  );
}

function Line({ line, dense }: { line: CheckupLine; dense: boolean }) {
  const { t } = useI18n();
  const { icon, mark, card } = LOOK[line.state];
  return (
    <li className={`flex gap-3 px-4 ${dense ? "py-2" : `rounded-card border py-3 ${card}`}`}>
      <Icon name={icon} className={mark} />
      <div className="grid min-w-0 flex-1 gap-1 lg:grid-cols-[20rem_1fr] lg:gap-x-4">
        <p className="font-medium">
          {line.title}
          <span className="sr-only">: {t(`checkup.state.${line.state}`)}</span>
        </p>
        <div className="min-w-0 break-words">
          <p className={line.state === "skipped" ? "text-muted" : ""}>{line.finding}</p>
          {line.remedy && (
            <p className="mt-1">
              <span className="font-medium">{t("checkup.remedy")}</span> {line.remedy}
            </p>
          )}
        </div>
      </div>
    </li>
  );
}
