import { CopyButton } from "../../components/copy-button";
import { Notice } from "../../components/notice";
import { useI18n } from "../../i18n";

/** A secret that the server shows this once. */
export function Secret({ secret }: { secret: string }) {
  const { t } = useI18n();
  return (
    <Notice tone="warning" title={t("hooks.secret")}>
      <p>{t("hooks.secret.once")}</p>
      <p className="rounded-card bg-surface p-3 font-mono text-sm break-all">{secret}</p>
      <p className="flex flex-wrap items-center gap-2">
        <CopyButton text={secret} label={t("hooks.secret.copy")} done={t("app.copied")} />
      </p>
    </Notice>
  );
}
