import { useState } from "react";
import { codeOf } from "../../api/client";
import { staff } from "../../api/staff";
import { Button } from "../../components/button";
import { useI18n } from "../../i18n";

/** Goes on by telephone: the record says so from then on, and since when. */
export function PhoneButton({ roomId }: { roomId: string }) {
  const { t, words } = useI18n();
  const [step, setStep] = useState<"no" | "asking" | "gone" | { code: string }>("no");
  const change = () => {
    setStep("asking");
    staff.byPhone(roomId).then(
      () => setStep("gone"),
      (error: unknown) => setStep({ code: codeOf(error) }),
    );
  };
  if (step === "gone")
    return (
      <p role="status" className="text-sm font-medium">
        {t("phone.gone")}
      </p>
    );
  return (
    <>
      <Button look="secondary" size="small" disabled={step === "asking"} onClick={change}>
        {t("phone.go")}
      </Button>
      {typeof step === "object" && (
        <p role="alert" className="text-sm text-danger">
          {words(step.code).title}. {words(step.code).next}
        </p>
      )}
    </>
  );
}
