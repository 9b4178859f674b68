import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { staff } from "../../api/staff";
import type { CallDetail } from "../../api/types";
import { Loading } from "../../components/loading";
import { useTitle } from "../../components/use-title";
import { useI18n } from "../../i18n";
import { clock } from "../../i18n/format";
import { ProblemNotice } from "../staff/problem";
import { Documents } from "./documents";
import { ExportMenu } from "./export-menu";
import { FollowUp } from "./follow-up";
import { NotePad } from "./note-pad";
import { Participants } from "./participants";
import { CallQuality } from "./quality";
import { Timeline } from "./timeline";

/** One consultation, so that its story can be read aloud from top to bottom. `own`: its doctor reads, and writes. */
export function RecordView({ callId, own = false }: { callId: string; own?: boolean }) {
  const { t } = useI18n();
  const call = useQuery({ queryKey: ["call", callId], queryFn: () => staff.call(callId) });
  if (call.isPending) return <Loading label={t("app.loading")} />;
  if (call.isError) return <ProblemNotice error={call.error} onRetry={() => void call.refetch()} />;
  return <Loaded call={call.data} own={own} />;
}

function Loaded({ call, own }: { call: CallDetail; own: boolean }) {
  const { t, term, format } = useI18n();
  const title = t("record.title", { name: call.patient.name });
  useTitle(`${title} · ${t("app.name")}`);
  const none = t("app.none");
  const facts: [string, string][] = [
    [t("history.doctor"), call.doctor.name],
    [t("record.scheduled"), format.moment(call.room_starts_at)],
    [t("record.started"), `${format.date(call.started_at)} ${format.seconds(call.started_at)}`],
    [
      t("record.ended"),
      call.ended_at ? `${format.date(call.ended_at)} ${format.seconds(call.ended_at)}` : t("history.open"),
    ],
    [t("history.duration"), call.duration_seconds === null ? none : clock(call.duration_seconds)],
    [t("history.outcome"), call.outcome ? term("outcome", call.outcome) : t("history.no_outcome")],
    [t("record.end_reason"), call.end_reason ? term("record.reason", call.end_reason) : none],
    [t("record.modality"), term("modality", call.modality)],
    [t("record.path"), call.path ? t(`record.path.${call.path}`) : none],
    [t("history.quality"), call.quality_grade ? t(`call.quality.${call.quality_grade}`) : none],
  ];
  return (
    <div className="grid grid-cols-1 gap-6">
      <div className="flex flex-wrap items-start justify-between gap-3">
        <h1 className="min-w-0 text-2xl font-semibold break-words">{title}</h1>
        <ExportMenu call={call} />
      </div>
      <div className="grid grid-cols-1 items-start gap-6 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <div className="grid grid-cols-1 gap-6">
          {own && (
            <Card title={t("notes.title")}>
              <NotePad key={call.id} callId={call.id} />
              <p className="text-sm text-muted">{t("notes.private")}</p>
            </Card>
          )}
          <Card title={t("record.timeline")}>
            <Timeline entries={call.timeline} />
          </Card>
          <Card title={t("record.chat")}>
            <Chat call={call} />
          </Card>
        </div>
        <div className="grid grid-cols-1 gap-6">
          <Card title={t("record.summary")}>
            <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1">
              {facts.map(([name, value]) => (
                <div key={name} className="contents">
                  <dt className="text-muted">{name}</dt>
                  <dd className="tabular-nums">{value}</dd>
                </div>
              ))}
            </dl>
          </Card>
          {own && (
            <>
              <Card title={t("documents.title")}>
                <Documents call={call} />
              </Card>
              <Card title={t("follow.title")}>
                <FollowUp roomId={call.room_id} />
              </Card>
            </>
          )}
          <Card title={t("record.participants")}>
            <Participants people={call.participants} />
          </Card>
          <Card title={t("record.consents")}>
            <Consents call={call} />
          </Card>
        </div>
      </div>
      <Card title={t("record.quality")}>
        <CallQuality call={call} />
      </Card>
      <p className="text-sm text-muted">{t("record.note")}</p>
    </div>
  );
}

function Card({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="grid grid-cols-1 gap-3 rounded-card border border-line bg-surface p-5">
      <h2 className="text-lg font-semibold">{title}</h2>
      {children}
    </section>
  );
}

function Chat({ call }: { call: CallDetail }) {
  const { t, term, format } = useI18n();
  if (call.messages.length === 0) return <p className="text-muted">{t("record.chat.empty")}</p>;
  return (
    <ol className="grid gap-3">
      {call.messages.map((message) => (
        <li key={message.id}>
          <p className="text-sm text-muted">
            {message.name} · {term("role", message.role)} · {format.seconds(message.sent_at)}
          </p>
          <p className="break-words whitespace-pre-wrap">{message.text}</p>
        </li>
      ))}
    </ol>
  );
}

function Consents({ call }: { call: CallDetail }) {
  const { t, term, format } = useI18n();
  if (call.consents.length + call.overrides.length === 0)
    return <p className="text-muted">{t("record.consents.empty")}</p>;
  return (
    <ul className="grid gap-3">
      {call.overrides.map((made) => (
        <li key={`${made.participant_id} ${made.made_at}`} className="border-l-4 border-danger pl-3">
          <p className="font-medium">{t("record.override", { name: made.name })}</p>
          <p>{t("record.override.by", { doctor: made.doctor, when: format.moment(made.made_at) })}</p>
          <p className="break-words">{t("record.override.reason", { reason: made.reason })}</p>
          {made.ended_at && <p>{t("record.consent.withdrawn", { when: format.moment(made.ended_at) })}</p>}
        </li>
      ))}
      {call.consents.map((consent) => (
        <li key={`${consent.participant_id} ${consent.given_at}`}>
          <p className="font-medium">
            {consent.name} · {term("role", consent.role)}
          </p>
          <p>
            {consent.given_by === "self"
              ? t("record.consent.self", { when: format.moment(consent.given_at) })
              : t("record.consent.representative", {
                  when: format.moment(consent.given_at),
                  name: consent.representative_name ?? "",
                  relationship: consent.representative_relationship ?? "",
                })}
          </p>
          {consent.withdrawn_at && (
            <p className="font-medium">
              {t("record.consent.withdrawn", { when: format.moment(consent.withdrawn_at) })}
            </p>
          )}
          <p className="text-sm text-muted">
            {t("record.consent.text", {
              version: consent.version,
              language: consent.language,
              hash: consent.sha256.slice(0, 12),
            })}
          </p>
        </li>
      ))}
    </ul>
  );
}
