import { useState } from "react";
import { useLocation } from "wouter";
import type { ActionResult, Dashboard, Readiness, WaitingEntry } from "../../call";
import { Button } from "../../components/button";
import { useNow } from "../../components/use-now";
import { useI18n } from "../../i18n";
import { clock } from "../../i18n/format";
import { handover } from "../call/handover";
import { Empty } from "../staff/empty";
import { Authorised } from "./authorised";
import { PhoneButton } from "./phone-button";
import { TellForm } from "./tell-form";
import { PatientReadiness } from "./troubles";

/** Who waits now, first come first. Admitting goes to the room and lets the person in on arrival there. */
export function WaitingList({
  waiting,
  readiness,
  dashboard,
}: {
  waiting: readonly WaitingEntry[];
  readiness: readonly Readiness[];
  dashboard: Dashboard;
}) {
  const { t, plural } = useI18n();
  return (
    <section aria-labelledby="waiting" className="grid grid-cols-1 gap-3">
      <h2 id="waiting" className="text-lg font-semibold">
        {t("panel.waiting")}
      </h2>
      <p role="status" className="sr-only">
        {waiting.length > 0 ? plural("panel.waiting.announce", waiting.length) : ""}
      </p>
      {waiting.length === 0 && (
        <Empty title={t("panel.waiting.empty")} next={t("panel.waiting.empty.next")} />
      )}
      <ul className="grid grid-cols-1 gap-3">
        {waiting.map((entry) => (
          <Entry
            key={`${entry.room_id} ${entry.participant.id}`}
            entry={entry}
            known={readiness.find((one) => one.participant_id === entry.participant.id)}
            dashboard={dashboard}
          />
        ))}
      </ul>
    </section>
  );
}

function Entry({
  entry,
  known,
  dashboard,
}: {
  entry: WaitingEntry;
  known: Readiness | undefined;
  dashboard: Dashboard;
}) {
  const { t, words, format } = useI18n();
  const [, navigate] = useLocation();
  const now = useNow();
  const [busy, setBusy] = useState(false);
  const [telling, setTelling] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const { participant, room_id } = entry;
  const elapsed = clock((now.getTime() - new Date(participant.since).getTime()) / 1000);
  const admit = () => {
    handover.admitOnArrival(room_id, participant.id);
    navigate(`/medico/${room_id}`);
  };
  const say = async (answer: Promise<ActionResult>) => {
    setBusy(true);
    const result = await answer;
    setBusy(false);
    setProblem(result.ok ? null : result.code);
    if (result.ok) setTelling(false);
  };
  return (
    <li
      data-participant={participant.id}
      className="grid gap-3 rounded-card border-2 border-accent bg-surface p-4 motion-safe:animate-rise"
    >
      <div>
        <p className="text-lg font-semibold">{participant.name}</p>
        <p className="text-sm text-muted tabular-nums">
          {t(`role.${participant.role}`)} ·{" "}
          {t("panel.waiting.since", { time: format.time(participant.since), elapsed })}
        </p>
        {entry.scheduled_for && (
          <p className="text-sm text-muted">
            {t("panel.waiting.scheduled", { time: format.time(entry.scheduled_for) })}
          </p>
        )}
        <Authorised authorisation={participant.authorisation} />
        {entry.walk_in && <p className="text-sm text-warn">{t("queue.walk_in")}</p>}
        {entry.notice && (
          <p role="status" className="text-sm text-muted">
            {t("queue.told", { text: entry.notice.text })}
          </p>
        )}
        {participant.connection === "away" && <p className="text-sm text-warn">{t("panel.waiting.away")}</p>}
        {problem && (
          <p role="alert" className="text-sm text-danger">
            {words(problem).title}. {words(problem).next}
          </p>
        )}
      </div>
      <PatientReadiness known={known} away={participant.connection === "away"} />
      <div className="flex flex-wrap gap-2">
        <Button onClick={admit} disabled={busy} className="flex-1">
          {t("call.admit")}
        </Button>
        <Button look="secondary" aria-expanded={telling} onClick={() => setTelling((open) => !open)}>
          {t("queue.tell")}
        </Button>
        <Button look="secondary" onClick={() => void say(dashboard.refuse(entry))} disabled={busy}>
          {t("call.refuse")}
        </Button>
      </div>
      {(known?.wants_phone || known?.trouble) && <PhoneButton roomId={room_id} />}
      {telling && (
        <TellForm
          name={participant.name}
          busy={busy}
          onTell={(text) => void say(dashboard.tell(entry, text))}
          onRefuse={(text) => void say(dashboard.refuse(entry, text))}
        />
      )}
    </li>
  );
}
