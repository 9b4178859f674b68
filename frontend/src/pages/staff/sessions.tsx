/** Where one is signed in, and out of there. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { account } from "../../api/account";
import type { SessionOut } from "../../api/types";
import { Button } from "../../components/button";
import { Loading } from "../../components/loading";
import { type I18n, useI18n } from "../../i18n";
import { ProblemNotice } from "./problem";

const BROWSERS: Record<SessionOut["browser"], string | null> = {
  chrome: "Chrome",
  edge: "Edge",
  firefox: "Firefox",
  opera: "Opera",
  safari: "Safari",
  samsung: "Samsung Internet",
  other: null,
};

/** As in "Celular, Chrome". */
export function deviceWords({ device, browser }: SessionOut, { t }: Pick<I18n, "t">): string {
  return [t(`device.${device}`), BROWSERS[browser]].filter(Boolean).join(", ");
}

export function Sessions() {
  const { t } = useI18n();
  const client = useQueryClient();
  const sessions = useQuery({ queryKey: ["sessions"], queryFn: account.sessions });
  const again = () => client.invalidateQueries({ queryKey: ["sessions"] });
  const end = useMutation({ mutationFn: account.endSession, onSettled: again });
  const endOthers = useMutation({ mutationFn: account.endOtherSessions, onSettled: again });
  const found = sessions.data?.items ?? [];
  const error = end.error ?? endOthers.error;
  return (
    <section
      aria-labelledby="sessions"
      className="grid grid-cols-1 gap-4 rounded-card border border-line bg-surface p-4 sm:p-6"
    >
      <div>
        <h2 id="sessions" className="text-xl font-semibold">
          {t("sessions.title")}
        </h2>
        <p className="text-muted">{t("sessions.lead")}</p>
      </div>
      {sessions.isPending && <Loading label={t("app.loading")} />}
      {sessions.isError && <ProblemNotice error={sessions.error} onRetry={() => void sessions.refetch()} />}
      <ul className="grid grid-cols-1 divide-y divide-line">
        {found.map((session) => (
          <li key={session.id} className="py-3 first:pt-0 last:pb-0">
            <Row session={session} busy={end.isPending} onEnd={() => end.mutate(session.id)} />
          </li>
        ))}
      </ul>
      {error && <ProblemNotice error={error} />}
      {found.length > 1 && (
        <p>
          <Button
            look="secondary"
            icon="leave"
            disabled={endOthers.isPending}
            onClick={() => endOthers.mutate()}
          >
            {t("sessions.end_others")}
          </Button>
        </p>
      )}
      <p aria-live="polite" className={endOthers.isSuccess ? "text-sm text-ok" : "sr-only"}>
        {endOthers.isSuccess ? t("sessions.ended") : ""}
      </p>
    </section>
  );
}

function Row({ session, busy, onEnd }: { session: SessionOut; busy: boolean; onEnd: () => void }) {
  const i18n = useI18n();
  const { t, format } = i18n;
  const device = deviceWords(session, i18n);
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
      <div className="min-w-0">
        <p className="font-medium">
          {device}
          {session.current && <span className="ml-2 text-sm text-ok">{t("sessions.here")}</span>}
        </p>
        <p className="text-sm text-muted">
          {t("sessions.times", {
            from: format.moment(session.created_at),
            last: format.moment(session.last_used_at),
          })}
        </p>
      </div>
      {!session.current && (
        <Button
          look="secondary"
          size="small"
          disabled={busy}
          onClick={onEnd}
          aria-label={t("sessions.end_of", { device })}
        >
          {t("sessions.end")}
        </Button>
      )}
    </div>
  );
}
