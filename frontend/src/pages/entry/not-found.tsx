import { ButtonLink } from "../../components/button";
import { Shell } from "../../components/shell";
import { useI18n } from "../../i18n";

export function NotFound() {
  const { t } = useI18n();
  return (
    <Shell>
      <div className="grid gap-4 pt-12 text-center">
        <h1 className="text-2xl font-semibold">{t("app.not_found.title")}</h1>
        <p className="text-muted">{t("app.not_found.next")}</p>
        <ButtonLink to="/" size="big">
          {t("app.home")}
        </ButtonLink>
      </div>
    </Shell>
  );
}
