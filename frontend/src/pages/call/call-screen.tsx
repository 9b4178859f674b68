/** One consultation from the waiting room to the farewell, for whoever sits in it. */
import type { ReactNode } from "react";
import type { SeatOut } from "../../api/types";
import type { CallSession, Outcome } from "../../call";
import { Loading } from "../../components/loading";
import { Shell } from "../../components/shell";
import { useWatched } from "../../components/use-watched";
import { useI18n } from "../../i18n";
import { Trouble } from "../precall/patient";
import { Refused } from "../precall/refused";
import { Farewell } from "./farewell";
import { SeatQuestion } from "./seat-question";
import { Stage } from "./stage";
import { useDuration } from "./use-duration";
import { WaitingRoom } from "./waiting-room";

const TROUBLE = { unavailable: "unavailable", rate_limited: "rate_limited", no_network: "offline" } as const;

export interface CallScreenProps {
  session: CallSession;
  /** What the link told, for invitees; null for the doctor and in the demo. */
  seat: SeatOut | null;
  doctor?: boolean;
  /** Stands on the stage while nobody else is there, for the doctor. */
  alone?: ReactNode;
  /** The consent is missing after all. */
  onConsent?: () => void;
  /** Takes the authorisation back, for those who gave one. */
  onWithdraw?: () => Promise<void>;
  /** Tells the server the outcome another way when the socket could not. */
  onEnded?: (outcome: Outcome, reason: string | undefined) => void;
}

/** Devices were released when this page lost its seat; a tap brings them and the seat back. */
function comeBack(session: CallSession): void {
  void session.media.acquire({ audio: true, video: true });
  session.retry();
}

export function CallScreen({
  session,
  seat,
  doctor = false,
  alone,
  onConsent,
  onWithdraw,
  onEnded,
}: CallScreenProps) {
  const { t } = useI18n();
  const phase = useWatched(session.phase);
  const seconds = useDuration(session);
  const refusal = useWatched(session.refusal);

  switch (phase.is) {
    case "connecting":
      return (
        <Shell name={seat?.room.clinic_name ?? null}>
          {phase.trouble ? (
            <Trouble code={TROUBLE[phase.trouble]} />
          ) : (
            <Loading label={t("call.state.connecting")} />
          )}
        </Shell>
      );
    case "waiting":
      return (
        <WaitingRoom
          session={session}
          clinic={seat?.room.clinic_name ?? null}
          since={phase.since}
          {...(onWithdraw && { onWithdraw })}
        />
      );
    case "talking":
      return (
        <Stage
          session={session}
          doctor={doctor}
          alone={alone}
          {...(onWithdraw && { onWithdraw })}
          {...(onEnded && { onEnded })}
        />
      );
    case "ended":
      return (
        <Farewell
          because={phase.because}
          doctor={doctor}
          seconds={seconds}
          clinic={seat?.room.clinic_name ?? null}
          refusal={refusal}
          onReturn={() => comeBack(session)}
          {...(onConsent && { onConsent })}
        />
      );
    case "refused": {
      const { code, opensAt } = phase.refusal;
      if (code === "seat_taken") return <SeatQuestion code="seat_taken" onHere={() => comeBack(session)} />;
      const retry = code === "consent_required" && onConsent ? onConsent : () => comeBack(session);
      return <Refused code={code} opensAt={opensAt} onRetry={retry} staff={doctor} />;
    }
    case "taken_over":
      return <SeatQuestion code="replaced" onHere={() => comeBack(session)} />;
  }
}
