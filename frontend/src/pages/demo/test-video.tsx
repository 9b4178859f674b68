/** /teste-video: two real people in a throw-away consultation (demo), or the equipment test alone. */
import { useState } from "react";
import { useLocation } from "wouter";
import { codeOf } from "../../api/client";
import { demo } from "../../api/demo";
import { createLocalMedia } from "../../call";
import { Button } from "../../components/button";
import { Loading } from "../../components/loading";
import { Notice } from "../../components/notice";
import { Shell } from "../../components/shell";
import { useTitle } from "../../components/use-title";
import { useI18n } from "../../i18n";
import { handover } from "../call/handover";
import { useLetGo } from "../call/let-go";
import { useConfig } from "../entry/use-config";
import { Equipment } from "../precall/equipment";

export default function TestVideoPage() {
  const { t } = useI18n();
  const config = useConfig();
  useTitle(`${t("test.title")} · ${t("app.name")}`);
  if (!config)
    return (
      <Shell>
        <Loading label={t("app.loading")} />
      </Shell>
    );
  return (
    <Shell name={config.clinic_name}>
      <h1 className="pt-4 pb-2 text-2xl font-semibold">{t("test.title")}</h1>
      {config.demo ? <TwoSeats /> : <EquipmentOnly iceUrls={config.ice_urls} />}
    </Shell>
  );
}

function EquipmentOnly({ iceUrls }: { iceUrls: readonly string[] }) {
  const { t } = useI18n();
  const [media] = useState(() => createLocalMedia());
  useLetGo(media, (gone) => gone.release());
  const start = () => {
    media.startMeter();
    void media.acquire({ audio: true, video: true });
  };
  return (
    <div className="grid gap-6">
      <p className="text-muted">{t("test.equipment.lead")}</p>
      <Equipment media={media} iceUrls={iceUrls} onStart={start} />
    </div>
  );
}

function TwoSeats() {
  const { t, words } = useI18n();
  const [, navigate] = useLocation();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const sit = async (role: "doctor" | "patient") => {
    setBusy(true);
    try {
      const seat = await demo.sit(role);
      handover.giveSeat(seat);
      navigate(`/${role === "doctor" ? "medico" : "paciente"}/${seat.room_id}`);
    } catch (error) {
      setProblem(codeOf(error));
      setBusy(false);
    }
  };
  return (
    <div className="grid gap-6">
      <p className="text-muted">{t("test.lead")}</p>
      {problem && (
        <Notice tone="problem" title={words(problem).title}>
          <p>{words(problem).next}</p>
        </Notice>
      )}
      <div className="grid gap-3">
        <Button size="big" icon="camera" disabled={busy} onClick={() => void sit("doctor")}>
          {t("test.doctor")}
        </Button>
        <Button size="big" look="secondary" icon="camera" disabled={busy} onClick={() => void sit("patient")}>
          {t("test.patient")}
        </Button>
      </div>
      <p className="text-sm text-muted">{t("test.note")}</p>
    </div>
  );
}
