import { useState } from "react";
import { codeOf } from "../../api/client";
import { Button } from "../../components/button";
import { Dialog } from "../../components/dialog";
import { Icon } from "../../components/icon";
import { useI18n } from "../../i18n";

const FOLLOWS = ["withdraw.record", "withdraw.in_person", "withdraw.return"] as const;

/** What taking the agreement back means, before it is done. */
export default function WithdrawDialog({
  inCall,
  onWithdraw,
  onClose,
}: {
  inCall: boolean;
  onWithdraw: () => Promise<void>;
  onClose: () => void;
}) {
  const { t, words } = useI18n();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const withdraw = async () => {
    setBusy(true);
    setProblem(null);
    try {
      await onWithdraw();
      onClose();
    } catch (error) {
      setProblem(codeOf(error));
      setBusy(false);
    }
  };
  return (
    <Dialog title={t("withdraw.title")} onClose={onClose} closeLabel={t("app.close")}>
      <div className="grid gap-5">
        <ul className="grid gap-2">
          {[inCall ? "withdraw.call" : "withdraw.entry", ...FOLLOWS].map((key) => (
            <li key={key} className="flex gap-2">
              <Icon name="check" size={20} className="mt-0.5 shrink-0 text-accent" />
              {t(key as (typeof FOLLOWS)[number])}
            </li>
          ))}
        </ul>
        {problem && (
          <p role="alert" className="text-danger">
            {words(problem).title}. {words(problem).next}
          </p>
        )}
        <div className="grid gap-2">
          <Button look="danger" size="big" disabled={busy} onClick={() => void withdraw()}>
            {t("withdraw.confirm")}
          </Button>
          <Button look="secondary" size="big" onClick={onClose}>
            {t("withdraw.keep")}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
