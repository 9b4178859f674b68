/** /video: an instant consultation, and straight into it. */
import { useEffect, useState } from "react";
import { useLocation } from "wouter";
import { codeOf } from "../../api/client";
import { staff } from "../../api/staff";
import type { RoomOut } from "../../api/types";
import { Loading } from "../../components/loading";
import { Shell } from "../../components/shell";
import { useI18n } from "../../i18n";
import { Refused } from "../precall/refused";
import { Gate } from "../staff/gate";

export default function InstantPage() {
  return <Gate only="doctor">{() => <Instant />}</Gate>;
}

/** One visit makes one room, however often React mounts the page. */
let opening: Promise<RoomOut> | null = null;

function openOnce(patientName: string): Promise<RoomOut> {
  opening ??= staff.openRoom({ patient: { name: patientName, email: null } }).finally(() => {
    opening = null;
  });
  return opening;
}

function Instant() {
  const { t } = useI18n();
  const [, navigate] = useLocation();
  const [problem, setProblem] = useState<string | null>(null);
  const patient = t("instant.patient");
  useEffect(() => {
    if (problem) return;
    let here = true;
    openOnce(patient).then(
      (room) => here && navigate(`/medico/${room.id}`, { replace: true }),
      (error: unknown) => here && setProblem(codeOf(error)),
    );
    return () => {
      here = false;
    };
  }, [navigate, patient, problem]);
  if (problem) return <Refused code={problem} opensAt={null} onRetry={() => setProblem(null)} staff />;
  return (
    <Shell>
      <Loading label={t("instant.title")} />
    </Shell>
  );
}
