/** /medico/:roomId: the consultation, doctor's side. */
import { useEffect, useState } from "react";
import { Redirect, useParams } from "wouter";
import { Button } from "../../components/button";
import { Loading } from "../../components/loading";
import { Shell } from "../../components/shell";
import { useTitle } from "../../components/use-title";
import { useWatched } from "../../components/use-watched";
import { useI18n } from "../../i18n";
import { CallScreen } from "../call/call-screen";
import { useLetGo } from "../call/let-go";
import { useConfig } from "../entry/use-config";
import { Equipment } from "../precall/equipment";
import { Trouble } from "../precall/patient";
import { Refused } from "../precall/refused";
import { DoctorFlow } from "./flow";
import { PatientLink } from "./patient-link";
import { RoomTroubles } from "./troubles";

export default function DoctorRoomPage() {
  const { roomId } = useParams<{ roomId: string }>();
  return <Room key={roomId} roomId={roomId} />;
}

function Room({ roomId }: { roomId: string }) {
  const [flow] = useState(() => new DoctorFlow(roomId));
  const step = useWatched(flow.step);
  const { t } = useI18n();
  useTitle(t("app.name"));
  useEffect(() => flow.start(), [flow]);
  useLetGo(flow, (gone) => gone.close());

  switch (step.is) {
    case "opening":
      return (
        <Shell>{step.trouble ? <Trouble code={step.trouble} /> : <Loading label={t("app.loading")} />}</Shell>
      );
    case "lobby":
      return (
        <Shell
          bottom={
            <Button size="big" onClick={() => flow.enter()}>
              {t("prepare.enter")}
            </Button>
          }
        >
          <div className="grid gap-6 pt-2">
            <div>
              <h1 className="text-2xl font-semibold">{t("lobby.title")}</h1>
              <p className="text-muted">{t("lobby.lead")}</p>
            </div>
            <LobbyEquipment flow={flow} />
          </div>
        </Shell>
      );
    case "call":
      return (
        <>
          <CallScreen
            session={step.session}
            seat={null}
            doctor
            alone={<PatientLink roomId={roomId} />}
            onEnded={(outcome, reason) => flow.reportEnd(outcome, reason)}
          />
          <RoomTroubles session={step.session} roomId={roomId} />
        </>
      );
    case "refused":
      return <Refused code={step.code} opensAt={null} onRetry={() => location.reload()} staff />;
    case "signed_out":
      return <Redirect to={`/entrar?para=${encodeURIComponent(`/medico/${roomId}`)}`} replace />;
  }
}

function LobbyEquipment({ flow }: { flow: DoctorFlow }) {
  const config = useConfig();
  return (
    <Equipment media={flow.media} iceUrls={config?.ice_urls ?? null} onStart={() => flow.tryDevices()} />
  );
}
