import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { office } from "../../api/office";
import type { IncidentEntryKind, IncidentOut } from "../../api/types";
import { Button } from "../../components/button";
import { SelectField } from "../../components/field";
import { useNow } from "../../components/use-now";
import { useI18n } from "../../i18n";
import { ProblemNotice } from "../staff/problem";
import { TextArea } from "./text-area";
import { timeLeft } from "./time-left";

const OPEN = ["note", "measure", "authority_told", "people_told", "nobody_to_tell", "closed"] as const;
const CLOSED = ["note", "reopened"] as const;

/** One incident: how long there is to tell the authority, and its story. */
export function IncidentCard({ incident }: { incident: IncidentOut }) {
  const { t, format } = useI18n();
  const [shown, setShown] = useState(false);
  const open = incident.state === "open";
  return (
    <article className="grid grid-cols-1 gap-3 rounded-card border border-line bg-surface p-4">
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-1">
        <div className="min-w-0">
          <h2 className="font-semibold">{incident.title}</h2>
          <p className="text-sm text-muted">
            {t("incident.known_at")}: {format.moment(incident.known_at)} · {incident.opened_by}
          </p>
        </div>
        <p className={`text-sm font-medium ${open ? "text-warn" : "text-ok"}`}>
          {t(open ? "incident.open" : "incident.closed")}
        </p>
      </div>
      <Countdown incident={incident} />
      <div>
        <Button look="secondary" size="small" aria-expanded={shown} onClick={() => setShown(!shown)}>
          {t(shown ? "incident.hide" : "incident.show")}
        </Button>
      </div>
      {shown && (
        <>
          <ol aria-label={t("incident.story")} className="grid grid-cols-1 divide-y divide-line">
            {incident.entries.map((entry) => (
              <li key={entry.id} className="py-2">
                <p className="text-sm text-muted">
                  <span className="font-medium text-text">{t(`incident.kind.${entry.kind}`)}</span>
                  {" · "}
                  {format.moment(entry.at)} · {entry.author}
                </p>
                <p className="whitespace-pre-wrap break-words">{entry.text}</p>
              </li>
            ))}
          </ol>
          <Continue id={incident.id} kinds={open ? OPEN : CLOSED} />
        </>
      )}
    </article>
  );
}

function Countdown({ incident }: { incident: IncidentOut }) {
  const { t, plural, format } = useI18n();
  const now = useNow(60);
  if (incident.settled_at)
    return <p className="text-ok">{t("incident.settled", { time: format.moment(incident.settled_at) })}</p>;
  // The last minute of the day is said, not the first of the next.
  const until = format.moment(new Date(new Date(incident.due_at).getTime() - 60_000));
  const left = timeLeft(incident.due_at, now);
  return (
    <p className={left ? "text-warn" : "text-danger"}>
      <span className="font-semibold">
        {left ? plural(`incident.left.${left.unit}`, left.count) : t("incident.late")}
      </span>{" "}
      {t("incident.due", { time: until })}
    </p>
  );
}

function Continue({ id, kinds }: { id: string; kinds: readonly IncidentEntryKind[] }) {
  const { t } = useI18n();
  const client = useQueryClient();
  const add = useMutation({
    mutationFn: ({ kind, text }: { kind: IncidentEntryKind; text: string }) =>
      office.addEntry(id, { kind, text }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["incidents"] }),
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const said = new FormData(form);
    const kind = kinds.find((one) => one === said.get("kind")) ?? "note";
    add.mutate({ kind, text: String(said.get("text") ?? "").trim() }, { onSuccess: () => form.reset() });
  };
  return (
    <form onSubmit={submit} className="grid gap-3 border-t border-line pt-3">
      <SelectField
        label={t("incident.kind")}
        name="kind"
        choices={kinds.map((value) => ({ value, label: t(`incident.kind.${value}`) }))}
      />
      <TextArea label={t("incident.entry")} name="text" />
      {add.isError && <ProblemNotice error={add.error} />}
      <div>
        <Button type="submit" disabled={add.isPending}>
          {t("incident.write")}
        </Button>
      </div>
    </form>
  );
}
