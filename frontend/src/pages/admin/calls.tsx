/** /admin: the consultations of all doctors. */
import { useTitle } from "../../components/use-title";
import { useI18n } from "../../i18n";
import { CallsList } from "../records/calls-list";
import { Frame } from "../staff/frame";
import { Gate } from "../staff/gate";

export default function AdminCallsPage() {
  const { t } = useI18n();
  useTitle(`${t("admin.calls.title")} · ${t("app.name")}`);
  return (
    <Gate only="admin">
      {(user) => (
        <Frame user={user}>
          <h1 className="mb-4 text-2xl font-semibold">{t("admin.calls.title")}</h1>
          <CallsList base="/admin/consultas" doctors />
        </Frame>
      )}
    </Gate>
  );
}
