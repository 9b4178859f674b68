import { useEffect, useRef } from "react";
import { ApiError } from "../../api/client";
import { Button } from "../../components/button";
import { useI18n } from "../../i18n";
import { ProblemNotice } from "../staff/problem";
import type { Clinic } from "./use-clinic";

/** What went wrong with a booking; of a taken time, the next free ones are a tap away. */
export function BookingProblem({
  error,
  clinic,
  busy,
  onChoose,
}: {
  error: unknown;
  clinic: Clinic;
  busy: boolean;
  onChoose: (startsAt: string) => void;
}) {
  const { t } = useI18n();
  const top = useRef<HTMLDivElement>(null);
  // On a phone the form is longer than the screen, and the answer stands below it.
  // biome-ignore lint/correctness/useExhaustiveDependencies: each refusal is shown anew
  useEffect(() => {
    // Newer browsers answer with a promise, which is no clean-up.
    void top.current?.scrollIntoView({ block: "center" });
  }, [error]);
  const free = (error instanceof ApiError && error.problem.next_free) || [];
  return (
    <div ref={top} className="grid gap-3">
      <ProblemNotice error={error} />
      {free.length > 0 && (
        <fieldset className="grid gap-2">
          <legend className="mb-2 font-medium">{t("agenda.free")}</legend>
          <div className="grid grid-cols-3 gap-2">
            {free.map((at) => (
              <Button
                key={at}
                look="secondary"
                disabled={busy}
                onClick={() => onChoose(at)}
                className="px-1!"
              >
                <span className="grid leading-tight">
                  <span className="tabular-nums">{clinic.format.time(at)}</span>
                  <span className="text-xs font-normal text-muted">{clinic.format.shortDay(at)}</span>
                </span>
              </Button>
            ))}
          </div>
        </fieldset>
      )}
    </div>
  );
}
