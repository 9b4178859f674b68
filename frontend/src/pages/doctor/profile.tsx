/** /painel/perfil: the doctor as documents and letters present them. */
import { useTitle } from "../../components/use-title";
import { useI18n } from "../../i18n";
import { Frame } from "../staff/frame";
import { Gate } from "../staff/gate";
import { ProfileForm } from "../staff/profile-form";

export default function ProfilePage() {
  const { t } = useI18n();
  useTitle(`${t("profile.title")} · ${t("app.name")}`);
  return (
    <Gate only="doctor">
      {(user) => (
        <Frame user={user}>
          <ProfileForm userId={null} />
        </Frame>
      )}
    </Gate>
  );
}
