import { codeOf } from "../../api/client";
import { Button } from "../../components/button";
import { Notice } from "../../components/notice";
import { useI18n } from "../../i18n";

/** What went wrong with a request, in the words of its code. */
export function ProblemNotice({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { t, words } = useI18n();
  const { title, next } = words(codeOf(error));
  return (
    <Notice tone="problem" title={title}>
      <p>{next}</p>
      {onRetry && (
        <p className="pt-2">
          <Button look="secondary" size="small" onClick={onRetry}>
            {t("app.retry")}
          </Button>
        </p>
      )}
    </Notice>
  );
}
