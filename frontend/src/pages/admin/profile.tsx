/** /admin/usuarios/:userId/perfil: a doctor's profile, for the admin. */
import { useParams } from "wouter";
import { useTitle } from "../../components/use-title";
import { useI18n } from "../../i18n";
import { Frame } from "../staff/frame";
import { Gate } from "../staff/gate";
import { ProfileForm } from "../staff/profile-form";

export default function DoctorProfilePage() {
  const { userId } = useParams<{ userId: string }>();
  const { t } = useI18n();
  useTitle(`${t("profile.edit")} · ${t("app.name")}`);
  return (
    <Gate only="admin">
      {(user) => (
        <Frame user={user}>
          <ProfileForm userId={userId} />
        </Frame>
      )}
    </Gate>
  );
}
