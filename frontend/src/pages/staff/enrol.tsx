import { useMutation } from "@tanstack/react-query";
import type { FormEvent, ReactNode } from "react";
import { account } from "../../api/account";
import type { EnrolmentOut } from "../../api/types";
import { Button } from "../../components/button";
import { CopyButton } from "../../components/copy-button";
import { Field } from "../../components/field";
import { useI18n } from "../../i18n";
import { ProblemNotice } from "./problem";

/** The light margin that readers of QR codes need around them, in modules. */
const QUIET = 4;

/** Three steps: the app, the picture, the first code. */
export function Enrol({
  enrolment,
  onConfirmed,
  onCancel,
}: {
  enrolment: EnrolmentOut;
  onConfirmed: (recoveryCodes: string[]) => void;
  onCancel: () => void;
}) {
  const { t } = useI18n();
  const confirm = useMutation({ mutationFn: account.confirmFactor, onSuccess: onConfirmed });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    confirm.mutate(String(new FormData(event.currentTarget).get("code")));
  };
  return (
    <form onSubmit={submit} className="grid grid-cols-1 gap-5 border-t border-line pt-4">
      <ol className="grid grid-cols-1 gap-5">
        <Step number={1}>
          <p>{t("factor.step.app")}</p>
        </Step>
        <Step number={2}>
          <p>{t("factor.step.scan")}</p>
          <QrCode qr={enrolment.qr} label={t("factor.qr")} />
          <p className="sm:hidden">
            <a className="font-semibold text-accent underline" href={enrolment.uri}>
              {t("factor.same_device")}
            </a>
          </p>
          <p>{t("factor.by_hand")}</p>
          <div className="flex flex-wrap items-center gap-2">
            <code className="rounded bg-sunken px-2 py-1">{grouped(enrolment.secret)}</code>
            <CopyButton text={enrolment.secret} label={t("factor.copy_key")} done={t("app.copied")} />
          </div>
        </Step>
        <Step number={3}>
          <p>{t("factor.step.code")}</p>
          <div className="max-w-60">
            <Field
              label={t("factor.code")}
              name="code"
              inputMode="numeric"
              autoComplete="one-time-code"
              maxLength={8}
              required
            />
          </div>
        </Step>
      </ol>
      {confirm.isError && <ProblemNotice error={confirm.error} />}
      <div className="flex flex-wrap gap-2">
        <Button type="submit" disabled={confirm.isPending}>
          {t("factor.confirm")}
        </Button>
        <Button look="secondary" onClick={onCancel}>
          {t("app.cancel")}
        </Button>
      </div>
    </form>
  );
}

function Step({ number, children }: { number: number; children: ReactNode }) {
  return (
    <li className="flex gap-3">
      <span
        aria-hidden="true"
        className="grid size-7 shrink-0 place-items-center rounded-full bg-accent-soft font-semibold text-accent"
      >
        {number}
      </span>
      <div className="grid min-w-0 flex-1 grid-cols-1 gap-3">{children}</div>
    </li>
  );
}

/** Dark on light in every colour scheme: that is what cameras read. */
function QrCode({ qr, label }: { qr: EnrolmentOut["qr"]; label: string }) {
  const whole = qr.size + 2 * QUIET;
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`${-QUIET} ${-QUIET} ${whole} ${whole}`}
      shapeRendering="crispEdges"
      className="w-56 max-w-full rounded-card border border-line"
    >
      <rect x={-QUIET} y={-QUIET} width={whole} height={whole} fill="#fff" />
      <path d={qr.path} fill="#000" />
    </svg>
  );
}

/** In groups of four, as it is read aloud. */
const grouped = (secret: string) => secret.match(/.{1,4}/g)?.join(" ") ?? secret;
