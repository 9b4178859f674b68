import { useEffect, useState } from "react";
import type { CallSession, Participant } from "../../call";
import { Button } from "../../components/button";
import { useNow } from "../../components/use-now";
import { useWatched } from "../../components/use-watched";
import { useI18n } from "../../i18n";
import { clock } from "../../i18n/format";
import { Authorised } from "../doctor/authorised";
import { handover } from "./handover";

/** Who waits for this doctor's word, over the stage. Somebody already called from the dashboard comes in at once. */
export function Knocking({ session }: { session: CallSession }) {
  const waiting = useWatched(session.waiting);
  const roomId = useWatched(session.room)?.id;
  const [called, setCalled] = useState<string | null>(null);
  useEffect(() => {
    if (roomId) setCalled((known) => known ?? handover.takeAdmission(roomId));
  }, [roomId]);
  useEffect(() => {
    if (!called || !waiting.some((person) => person.id === called)) return;
    setCalled(null);
    void session.admit(called);
  }, [called, waiting, session]);
  if (waiting.length === 0) return null;
  return (
    <ul className="absolute inset-x-3 top-16 z-10 mx-auto grid max-w-lg gap-2">
      {waiting.map((person) => (
        <Knock key={person.id} person={person} session={session} />
      ))}
    </ul>
  );
}

function Knock({ person, session }: { person: Participant; session: CallSession }) {
  const { t, words } = useI18n();
  const now = useNow();
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const waited = clock((now.getTime() - new Date(person.since).getTime()) / 1000);
  const decide = async (answer: "admit" | "refuse") => {
    setBusy(true);
    const result = await session[answer](person.id);
    setBusy(false);
    setProblem(result.ok ? null : result.code);
  };
  return (
    <li className="grid gap-3 rounded-card bg-surface p-4 text-text shadow-float motion-safe:animate-rise">
      <div>
        <p className="font-semibold">{t("call.knocking", { name: person.name })}</p>
        <p className="text-sm text-muted tabular-nums">
          {t("call.knocking.role", { role: t(`role.${person.role}`), time: waited })}
        </p>
        <Authorised authorisation={person.authorisation} />
        {problem && (
          <p role="alert" className="text-sm text-danger">
            {words(problem).title}. {words(problem).next}
          </p>
        )}
      </div>
      <div className="flex gap-2">
        <Button disabled={busy} onClick={() => void decide("admit")} className="flex-1">
          {t("call.admit")}
        </Button>
        <Button look="secondary" disabled={busy} onClick={() => void decide("refuse")}>
          {t("call.refuse")}
        </Button>
      </div>
    </li>
  );
}
