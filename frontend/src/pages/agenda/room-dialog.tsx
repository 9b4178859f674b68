import { useState } from "react";
import { useLocation } from "wouter";
import type { RoomOut } from "../../api/types";
import { Button } from "../../components/button";
import { Dialog } from "../../components/dialog";
import { useNow } from "../../components/use-now";
import { useI18n } from "../../i18n";
import { makeFormat } from "../../i18n/format";
import { Invitations } from "../doctor/invitations";
import { RoomReadiness } from "../doctor/room-card";
import type { Clinic } from "../doctor/use-clinic";
import { zoneLabel } from "../doctor/zones";
import { CancelForm } from "./cancel-form";
import { MoveForm } from "./move-form";
import { standing } from "./room-block";

type Step = "details" | "move" | "cancel";

const TITLE = {
  details: "agenda.room",
  move: "agenda.move.title",
  cancel: "agenda.cancel.title",
} as const;

/** One consultation of the agenda: what it is, and moving or cancelling it. */
export function RoomDialog({
  room,
  clinic,
  onClose,
  onMoved,
}: {
  room: RoomOut;
  clinic: Clinic;
  onClose: () => void;
  onMoved: (startsAt: string) => void;
}) {
  const { t } = useI18n();
  const [step, setStep] = useState<Step>("details");
  const moved = (fresh: RoomOut) => {
    onMoved(fresh.starts_at);
    onClose();
  };
  return (
    <Dialog title={t(TITLE[step])} onClose={onClose} closeLabel={t("app.close")}>
      {step === "details" && <Details room={room} clinic={clinic} onStep={setStep} />}
      {step === "move" && (
        <MoveForm room={room} clinic={clinic} onBack={() => setStep("details")} onMoved={moved} />
      )}
      {step === "cancel" && (
        <CancelForm room={room} clinic={clinic} onBack={() => setStep("details")} onDone={onClose} />
      )}
    </Dialog>
  );
}

/** Who and when; what the patient's own clock shows, when it shows something else. */
export function WhoAndWhen({ room, clinic: { format, zoneLabel: ours } }: { room: RoomOut; clinic: Clinic }) {
  const { t, language } = useI18n();
  const zone = room.patient.time_zone;
  const theirs = zone ? makeFormat(language, zone) : null;
  const differs = theirs !== null && theirs.moment(room.starts_at) !== format.moment(room.starts_at);
  return (
    <div>
      <p dir="auto" className="text-lg font-semibold break-words">
        {room.patient.name}
      </p>
      <p className="first-letter:uppercase">{format.day(room.starts_at)}</p>
      <p className="tabular-nums">
        {format.time(room.starts_at)}–{format.time(room.ends_at)}{" "}
        <span className="text-sm text-muted">{ours(new Date(room.starts_at))}</span>
      </p>
      {zone && theirs && differs && (
        <p className="text-sm text-muted">
          {t("agenda.patients_time", {
            when: `${theirs.shortDay(room.starts_at)}, ${theirs.time(room.starts_at)}`,
            zone: zoneLabel(zone, language, new Date(room.starts_at)),
          })}
        </p>
      )}
    </div>
  );
}

function Details({ room, clinic, onStep }: { room: RoomOut; clinic: Clinic; onStep: (step: Step) => void }) {
  const { t } = useI18n();
  const [, navigate] = useLocation();
  const now = useNow(30);
  const { words } = standing(room, now);
  const closed = room.state === "closed";
  return (
    <div className="grid grid-cols-1 gap-4">
      <WhoAndWhen room={room} clinic={clinic} />
      <p className="text-sm text-muted">
        {room.scheduled ? t(`modality.${room.modality}`) : t("room.instant")}
        {room.outcome ? ` · ${t(`outcome.${room.outcome}`)}` : words && ` · ${t(words)}`}
      </p>
      {!closed && <RoomReadiness room={room} />}
      {!closed && (
        <>
          <Button size="big" icon="camera" onClick={() => navigate(`/medico/${room.id}`)}>
            {t("room.enter")}
          </Button>
          <div className="grid grid-cols-1 gap-2 min-[420px]:grid-cols-2">
            <Button look="secondary" icon="calendar" onClick={() => onStep("move")}>
              {t("agenda.move")}
            </Button>
            <Button look="secondary" icon="close" className="text-danger!" onClick={() => onStep("cancel")}>
              {t("agenda.cancel")}
            </Button>
          </div>
          <Invitations room={room} closable={false} />
        </>
      )}
    </div>
  );
}
