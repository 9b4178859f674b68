import type { Authorisation } from "../../call";
import { useI18n } from "../../i18n";

/** Who agreed in the patient's place, or that nobody did; nothing where people agreed for themselves. */
export function Authorised({ authorisation }: { authorisation: Authorisation | null | undefined }) {
  const { t } = useI18n();
  if (!authorisation || authorisation.by === "self") return null;
  if (authorisation.by === "emergency")
    return <p className="text-sm font-medium text-danger">{t("consent.queue.emergency")}</p>;
  return (
    <p className="text-sm">
      {t("consent.queue.representative", {
        name: authorisation.name ?? "",
        relationship: authorisation.relationship ?? "",
      })}
    </p>
  );
}
