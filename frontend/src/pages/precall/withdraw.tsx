import { lazy, Suspense, useState } from "react";
import { Button } from "../../components/button";
import { useI18n, withdrawalWords } from "../../i18n";

// Who never asks for it need not load it.
const WithdrawDialog = lazy(
  async () => (await Promise.all([import("./withdraw-dialog"), withdrawalWords()]))[0],
);

/** The way to take one's agreement back, which asks once and says what follows. */
export function Withdraw({ inCall, onWithdraw }: { inCall: boolean; onWithdraw: () => Promise<void> }) {
  const { t } = useI18n();
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Button look="quiet" size="small" onClick={() => setAsking(true)}>
        {t("consent.withdraw")}
      </Button>
      {asking && (
        <Suspense>
          <WithdrawDialog inCall={inCall} onWithdraw={onWithdraw} onClose={() => setAsking(false)} />
        </Suspense>
      )}
    </>
  );
}
