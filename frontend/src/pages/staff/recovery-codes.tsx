import { Button } from "../../components/button";
import { CopyButton } from "../../components/copy-button";
import { Notice } from "../../components/notice";
import { useI18n } from "../../i18n";
import { saveFile } from "../records/save-file";

/** The only time they are seen. */
export function RecoveryCodes({ codes, onKept }: { codes: string[]; onKept: () => void }) {
  const { t } = useI18n();
  const text = codes.join("\n");
  return (
    <div className="grid grid-cols-1 gap-4 border-t border-line pt-4">
      <Notice tone="good" title={t("factor.done")} />
      <div>
        <h3 className="font-semibold">{t("factor.recovery.title")}</h3>
        <p>{t("factor.recovery.lead")}</p>
      </div>
      <ul className="grid grid-cols-1 gap-x-6 gap-y-1 rounded-card bg-sunken p-4 font-mono sm:grid-cols-2">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div className="flex flex-wrap items-center gap-2">
        <CopyButton text={text} label={t("factor.recovery.copy")} done={t("app.copied")} />
        <Button
          look="secondary"
          size="small"
          icon="download"
          onClick={() => saveFile(new Blob([`${text}\n`], { type: "text/plain" }), t("factor.recovery.file"))}
        >
          {t("factor.recovery.save")}
        </Button>
      </div>
      <p>
        <Button icon="check" onClick={onKept}>
          {t("factor.recovery.kept")}
        </Button>
      </p>
    </div>
  );
}
