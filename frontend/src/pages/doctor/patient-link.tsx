import { useEffect, useState } from "react";
import { staffSession } from "../../api/session";
import { staff } from "../../api/staff";
import { CopyButton } from "../../components/copy-button";
import { useI18n } from "../../i18n";
import { PhoneButton } from "./phone-button";

/** The patient's link at hand, and the telephone for when it does not help, while the doctor is alone in the room. A demo seat has no account and no link. */
export function PatientLink({ roomId }: { roomId: string }) {
  const { t } = useI18n();
  const [link, setLink] = useState<string | null>(null);
  useEffect(() => {
    if (staffSession.get().is !== "in") return;
    let here = true;
    // Without an answer the doctor finds the link on the dashboard.
    staff.room(roomId).then(
      (room) => here && setLink(room.invitations.find(({ role }) => role === "patient")?.link ?? null),
      () => undefined,
    );
    return () => {
      here = false;
    };
  }, [roomId]);
  return (
    link && (
      <div className="grid justify-items-center gap-3">
        <CopyButton text={link} label={t("room.copy")} done={t("app.copied")} />
        <PhoneButton roomId={roomId} />
      </div>
    )
  );
}
