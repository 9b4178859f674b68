import type { CallParticipant } from "../../api/types";
import { useI18n } from "../../i18n";
import { clock } from "../../i18n/format";

/** Who took part, each stay with its times, over which path and how well. */
export function Participants({ people }: { people: readonly CallParticipant[] }) {
  return (
    <ul className="grid gap-4">
      {people.map((person) => (
        <li key={person.participant_id}>
          <Person person={person} />
        </li>
      ))}
    </ul>
  );
}

function Person({ person }: { person: CallParticipant }) {
  const { t, term, format } = useI18n();
  const { quality, path, protocol } = person;
  const none = t("app.none");
  const seconds = (from: string, to: string) => (new Date(to).getTime() - new Date(from).getTime()) / 1000;
  const count = (value: number | null | undefined) => (value == null ? none : format.number(value));
  return (
    <>
      <p className="font-medium">
        {person.name} · {term("role", person.role)} ·{" "}
        <span className="tabular-nums">{clock(person.seconds)}</span>
      </p>
      <ul className="text-sm tabular-nums">
        {person.stays.map((stay) => (
          <li key={stay.joined_at}>
            {stay.left_at
              ? t("record.stay", {
                  from: format.seconds(stay.joined_at),
                  to: format.seconds(stay.left_at),
                  time: clock(seconds(stay.joined_at, stay.left_at)),
                })
              : t("record.stay.open", { from: format.seconds(stay.joined_at) })}
          </li>
        ))}
      </ul>
      {path && (
        <p className="text-sm text-muted">
          {t("record.path")}: {t(path === "relay" ? "record.path.relay" : "record.path.direct")}
          {protocol && ` (${protocol.toUpperCase()})`}
        </p>
      )}
      {quality && (
        <p className="text-sm text-muted">
          {t("record.quality.line", {
            rtt: quality.rtt_ms == null ? none : `${format.number(quality.rtt_ms)} ms`,
            loss: quality.loss_in == null ? none : format.percent(quality.loss_in),
            freezes: count(quality.freezes),
            restarts: count(quality.restarts),
          })}
        </p>
      )}
    </>
  );
}
