/** /painel/historico: the doctor's own consultations. */
import { useTitle } from "../../components/use-title";
import { useI18n } from "../../i18n";
import { CallsList } from "../records/calls-list";
import { Frame } from "../staff/frame";
import { Gate } from "../staff/gate";

export default function HistoryPage() {
  const { t } = useI18n();
  useTitle(`${t("history.title")} · ${t("app.name")}`);
  return (
    <Gate only="doctor">
      {(user) => (
        <Frame user={user}>
          <h1 className="mb-4 text-2xl font-semibold">{t("history.title")}</h1>
          <CallsList base="/painel/historico" />
        </Frame>
      )}
    </Gate>
  );
}
