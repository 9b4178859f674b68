/** /admin/gestao/incidentes: the register of incidents. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { office } from "../../api/office";
import { Button } from "../../components/button";
import { Loading } from "../../components/loading";
import { useI18n } from "../../i18n";
import { saveFile } from "../records/save-file";
import { Empty } from "../staff/empty";
import { ProblemNotice } from "../staff/problem";
import { IncidentCard } from "./incident-card";
import { NewIncident } from "./new-incident";
import { Section } from "./section";

export default function IncidentsPage() {
  const { t } = useI18n();
  return (
    <Section title={t("incident.title")} lead={t("incident.lead")}>
      <Incidents />
    </Section>
  );
}

function Incidents() {
  const { t } = useI18n();
  const [adding, setAdding] = useState(false);
  const register = useQuery({ queryKey: ["incidents"], queryFn: office.incidents });
  const take = useMutation({
    mutationFn: office.incidentsFile,
    onSuccess: (blob) => saveFile(blob, `incidentes-${new Date().toISOString().slice(0, 10)}.json`),
  });
  return (
    <>
      <div className="flex flex-wrap gap-2">
        <Button icon="plus" onClick={() => setAdding(true)}>
          {t("incident.add")}
        </Button>
        {register.data && register.data.items.length > 0 && (
          <Button look="secondary" icon="download" disabled={take.isPending} onClick={() => take.mutate()}>
            {t("incident.export")}
          </Button>
        )}
      </div>
      {take.isError && <ProblemNotice error={take.error} />}
      {register.isPending && <Loading label={t("app.loading")} />}
      {register.isError && <ProblemNotice error={register.error} onRetry={() => void register.refetch()} />}
      {register.data?.items.length === 0 && (
        <Empty title={t("incident.empty")} next={t("incident.empty.next")} />
      )}
      <ul className="grid grid-cols-1 gap-3">
        {register.data?.items.map((incident) => (
          <li key={incident.id}>
            <IncidentCard incident={incident} />
          </li>
        ))}
      </ul>
      {adding && <NewIncident onClose={() => setAdding(false)} />}
    </>
  );
}
