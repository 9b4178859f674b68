import type { CallParticipant } from "../../api/types";
import { useI18n } from "../../i18n";
import { clock } from "../../i18n/format";
import { summaryRows } from "./quality-words";

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
  const i18n = useI18n();
  const { t, term, format } = i18n;
  const { quality, path, protocol } = person;
  const seconds = (from: string, to: string) => (new Date(to).getTime() - new Date(from).getTime()) / 1000;
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
        <dl className="grid grid-cols-[auto_1fr] gap-x-4 pt-1 text-sm">
          {summaryRows(quality, i18n).map(([name, value]) => (
            <div key={name} className="contents">
              <dt className="text-muted">{name}</dt>
              <dd className="tabular-nums">{value}</dd>
            </div>
          ))}
        </dl>
      )}
    </>
  );
}
