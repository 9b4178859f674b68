/** The second factor of one's own account: off, being set up, on. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { account } from "../../api/account";
import { codeOf } from "../../api/client";
import type { SecondFactorOut } from "../../api/types";
import { Button } from "../../components/button";
import { Field } from "../../components/field";
import { Icon } from "../../components/icon";
import { Loading } from "../../components/loading";
import { useI18n } from "../../i18n";
import { Enrol } from "./enrol";
import { ProblemNotice } from "./problem";
import { RecoveryCodes } from "./recovery-codes";

const FEW = 3;

export function SecondFactor({ onKept }: { onKept: () => void }) {
  const { t } = useI18n();
  const client = useQueryClient();
  const state = useQuery({ queryKey: ["second-factor"], queryFn: account.factor });
  const [codes, setCodes] = useState<string[] | null>(null);
  const start = useMutation({ mutationFn: account.startFactor });
  const confirmed = (fresh: string[]) => {
    setCodes(fresh);
    start.reset();
    void client.invalidateQueries({ queryKey: ["second-factor"] });
    void client.invalidateQueries({ queryKey: ["sessions"] });
  };
  return (
    <section
      aria-labelledby="factor"
      className="grid grid-cols-1 gap-4 rounded-card border border-line bg-surface p-4 sm:p-6"
    >
      <div className="flex gap-3">
        <Icon name="shield" className="mt-0.5 text-accent" />
        <div>
          <h2 id="factor" className="text-xl font-semibold">
            {t("factor.title")}
          </h2>
          <p className="text-muted">{t("factor.lead")}</p>
        </div>
      </div>
      {state.isPending && <Loading label={t("app.loading")} />}
      {state.isError && <ProblemNotice error={state.error} onRetry={() => void state.refetch()} />}
      {codes && (
        <RecoveryCodes
          codes={codes}
          onKept={() => {
            setCodes(null);
            onKept();
          }}
        />
      )}
      {!codes && start.data && (
        <Enrol enrolment={start.data} onConfirmed={confirmed} onCancel={() => start.reset()} />
      )}
      {!codes && !start.data && state.data?.active_since && (
        <Active state={state.data} since={state.data.active_since} />
      )}
      {!codes && !start.data && state.data && !state.data.active_since && (
        <Inactive error={start.error} busy={start.isPending} onStart={(password) => start.mutate(password)} />
      )}
    </section>
  );
}

/** Off. Who signed in a while ago gives the password again: a page left open must not be enough. */
function Inactive({
  error,
  busy,
  onStart,
}: {
  error: Error | null;
  busy: boolean;
  onStart: (password: string | null) => void;
}) {
  const { t } = useI18n();
  const code = error && codeOf(error);
  const [asking, setAsking] = useState(false);
  if (code === "password_required" && !asking) setAsking(true);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    onStart(String(new FormData(event.currentTarget).get("password")));
  };
  return (
    <>
      {asking ? (
        <form onSubmit={submit} className="grid gap-4 border-t border-line pt-4">
          <p>{t("factor.password")}</p>
          <Field
            label={t("signin.password")}
            name="password"
            type="password"
            autoComplete="current-password"
            required
          />
          <p>
            <Button type="submit" disabled={busy}>
              {t("factor.start")}
            </Button>
          </p>
        </form>
      ) : (
        <div className="flex flex-wrap items-center justify-between gap-3">
          <p className="font-medium text-muted">{t("factor.off")}</p>
          <Button icon="shield" onClick={() => onStart(null)} disabled={busy}>
            {t("factor.start")}
          </Button>
        </div>
      )}
      {error && code !== "password_required" && <ProblemNotice error={error} />}
    </>
  );
}

function Active({ state, since }: { state: SecondFactorOut; since: string }) {
  const { t, plural, format } = useI18n();
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const remove = useMutation({
    mutationFn: account.removeFactor,
    onSuccess: async () => {
      setAsking(false);
      await client.invalidateQueries({ queryKey: ["second-factor"] });
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    remove.mutate(String(new FormData(event.currentTarget).get("code")));
  };
  const left = state.recovery_codes_left;
  return (
    <>
      <div className="flex flex-wrap items-center justify-between gap-3">
        <div>
          <p className="flex items-center gap-2 font-medium text-ok">
            <Icon name="check" size={20} />
            {t("factor.on", { date: format.date(since) })}
          </p>
          <p className={`text-sm ${left < FEW ? "font-medium text-warn" : "text-muted"}`}>
            {plural("factor.recovery.left", left)} {left < FEW && t("factor.recovery.few")}
          </p>
        </div>
        {!asking && (
          <Button look="secondary" onClick={() => setAsking(true)}>
            {t("factor.remove")}
          </Button>
        )}
      </div>
      {asking && (
        <form onSubmit={submit} className="grid gap-4 border-t border-line pt-4">
          <p>
            {t("factor.remove.lead")} {state.required && t("factor.remove.required")}
          </p>
          <Field
            label={t("factor.remove.code")}
            name="code"
            autoComplete="one-time-code"
            autoCapitalize="none"
            spellCheck={false}
            maxLength={40}
            required
          />
          {remove.isError && <ProblemNotice error={remove.error} />}
          <div className="flex flex-wrap gap-2">
            <Button type="submit" look="danger" disabled={remove.isPending}>
              {t("factor.remove")}
            </Button>
            <Button look="secondary" onClick={() => setAsking(false)}>
              {t("app.cancel")}
            </Button>
          </div>
        </form>
      )}
    </>
  );
}
