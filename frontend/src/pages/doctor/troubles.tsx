import type { CallSession, Readiness } from "../../call";
import { useWatched } from "../../components/use-watched";
import { useI18n } from "../../i18n";
import { causeWords, ReadinessMark } from "../readiness/words";
import { PhoneButton } from "./phone-button";

/** What stands on the patient's own screen, in the same words; and whether they would rather be called. */
export function TroubleWords({ cause, wantsPhone }: { cause: string | null; wantsPhone: boolean }) {
  const i18n = useI18n();
  if (cause === null && !wantsPhone) return null;
  const words = cause === null ? null : causeWords(cause, i18n);
  return (
    <div role="status" data-cause={cause ?? undefined} className="rounded-card bg-warn-soft p-3 text-sm">
      {words && (
        <>
          <p className="text-muted">{i18n.t("trouble.now")}</p>
          <p className="font-medium">{words.title}</p>
          <p>{words.next}</p>
        </>
      )}
      {wantsPhone && <p className="font-semibold">{i18n.t("trouble.wants_phone")}</p>}
    </div>
  );
}

/** What is known of one person who waits: their last test, and what is in their way. */
export function PatientReadiness({ known, away }: { known: Readiness | undefined; away: boolean }) {
  // Whoever has no network cannot say so: that nothing comes from them says it.
  const cause = away ? "offline" : (known?.trouble ?? null);
  return (
    <>
      <ReadinessMark light={known?.light ?? null} causes={known?.causes ?? []} />
      <TroubleWords cause={cause} wantsPhone={known?.wants_phone ?? false} />
    </>
  );
}

/** Those who cannot come in, and are therefore in no waiting room. */
export function Troubles({ people }: { people: readonly Readiness[] }) {
  const { t } = useI18n();
  if (people.length === 0) return null;
  return (
    <section aria-labelledby="troubles" className="grid grid-cols-1 gap-3">
      <h2 id="troubles" className="text-lg font-semibold">
        {t("trouble.title")}
      </h2>
      <ul className="grid grid-cols-1 gap-3">
        {people.map((one) => (
          <li
            key={one.participant_id}
            data-participant={one.participant_id}
            className="grid gap-3 rounded-card border border-line bg-surface p-4"
          >
            <p className="text-lg font-semibold">{one.name}</p>
            <p className="-mt-3 text-sm text-muted">{t(`role.${one.role}`)}</p>
            <ReadinessMark light={one.light} causes={one.causes} />
            <TroubleWords cause={one.trouble} wantsPhone={one.wants_phone} />
            <PhoneButton roomId={one.room_id} />
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The same in the room itself, over the stage: beside who knocks, and while a call goes on. */
export function RoomTroubles({ session, roomId }: { session: CallSession; roomId: string }) {
  const { troubles } = useWatched(session.told);
  const phase = useWatched(session.phase);
  if (troubles.length === 0 || phase.is !== "talking") return null;
  return (
    <ul className="fixed bottom-28 left-3 z-20 grid max-w-[min(22rem,calc(100vw-1.5rem))] gap-2">
      {troubles.map((one) => (
        <li
          key={one.participant_id}
          data-participant={one.participant_id}
          className="grid gap-2 rounded-card bg-surface p-3 text-text shadow-float"
        >
          <p className="font-semibold">{one.name}</p>
          <TroubleWords cause={one.cause} wantsPhone={one.wants_phone} />
          <PhoneButton roomId={roomId} />
        </li>
      ))}
    </ul>
  );
}
