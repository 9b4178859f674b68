import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import { staff } from "../../api/staff";
import type { DecisionWish, FollowUpOut } from "../../api/types";
import { Button } from "../../components/button";
import { Field, SelectField } from "../../components/field";
import { Loading } from "../../components/loading";
import { useI18n } from "../../i18n";
import { ProblemNotice } from "../staff/problem";
import { FollowUpWarning, shownDay } from "./follow-up-warning";

const DECISIONS = ["see_in_person", "continue_by_video", "no_long_follow_up"] as const;

/** When the patient was last seen in person, the rule of 180 days, and what the doctor decides about it. */
export function FollowUp({ roomId }: { roomId: string }) {
  const { t } = useI18n();
  const key = ["follow-up", roomId];
  const found = useQuery({ queryKey: key, queryFn: () => staff.followUp(roomId) });
  if (found.isPending) return <Loading label={t("app.loading")} />;
  if (found.isError) return <ProblemNotice error={found.error} onRetry={() => void found.refetch()} />;
  return <Standing roomId={roomId} known={found.data} />;
}

function Standing({ roomId, known }: { roomId: string; known: FollowUpOut }) {
  const { t, format } = useI18n();
  const client = useQueryClient();
  const keep = (next: FollowUpOut) => client.setQueryData(["follow-up", roomId], next);
  const visit = useMutation({
    mutationFn: (day: string | null) => staff.noteVisit(roomId, day),
    onSuccess: keep,
  });
  const warned = known.level === "due" || known.level === "overdue";
  return (
    <div className="grid gap-3">
      <FollowUpWarning known={known} />
      <Field
        type="date"
        label={t("follow.last")}
        max={known.today}
        defaultValue={known.last_in_person_on ?? ""}
        hint={
          known.level === "fine"
            ? t("follow.fine", { days: known.days ?? 0, due: shownDay(known.due_on, format) })
            : known.level === "unknown"
              ? t("follow.unknown")
              : undefined
        }
        onBlur={(event) => {
          const day = event.target.value || null;
          if (event.target.validity.valid && day !== known.last_in_person_on) visit.mutate(day);
        }}
      />
      {visit.isError && <ProblemNotice error={visit.error} />}
      {warned && <Decide roomId={roomId} onDone={keep} />}
      <ul className="grid gap-2">
        {known.decisions.map((one) => (
          <li key={one.id}>
            <p>
              {t("follow.decided", {
                decision: t(`follow.decision.${one.decision}`),
                when: format.moment(one.decided_at),
              })}
            </p>
            {one.reason && <p className="text-sm break-words text-muted">{one.reason}</p>}
          </li>
        ))}
      </ul>
    </div>
  );
}

function Decide({ roomId, onDone }: { roomId: string; onDone: (next: FollowUpOut) => void }) {
  const { t } = useI18n();
  const title = useId();
  const [decision, setDecision] = useState<DecisionWish["decision"]>("see_in_person");
  const decide = useMutation({
    mutationFn: (reason: string) => staff.decideFollowUp(roomId, { decision, reason: reason || null }),
    onSuccess: onDone,
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    decide.mutate(String(new FormData(form).get("reason") ?? "").trim());
    form.reset();
  };
  return (
    <form onSubmit={submit} aria-labelledby={title} className="grid gap-3 rounded-card bg-sunken p-4">
      <h3 id={title} className="font-semibold">
        {t("follow.decide")}
      </h3>
      <SelectField
        label={t("follow.decision")}
        value={decision}
        onChange={(event) => setDecision(DECISIONS.find((one) => one === event.target.value) ?? decision)}
        choices={DECISIONS.map((value) => ({ value, label: t(`follow.decision.${value}`) }))}
      />
      <Field
        label={`${t("follow.reason")} (${t("app.optional")})`}
        name="reason"
        maxLength={1000}
        autoComplete="off"
      />
      {decide.isError && <ProblemNotice error={decide.error} />}
      <Button type="submit" look="secondary" disabled={decide.isPending}>
        {t("follow.keep")}
      </Button>
    </form>
  );
}
