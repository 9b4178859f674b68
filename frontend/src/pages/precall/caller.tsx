import { Button } from "../../components/button";
import { Icon } from "../../components/icon";
import { Shell } from "../../components/shell";
import { useNow } from "../../components/use-now";
import { type I18n, useI18n } from "../../i18n";
import type { InviteeStep } from "./flow";
import { Trouble } from "./patient";

type CallerStep = Extract<InviteeStep, { is: "caller" }>;

/** When the consultation is, in the reader's own words and zone. */
export function whenIs(startsAt: string, now: Date, { t, format }: Pick<I18n, "t" | "format">): string {
  const time = format.time(startsAt);
  if (new Date(startsAt) <= now) return t("caller.when.now");
  if (format.sameDay(startsAt, now)) return t("caller.when.today", { time });
  return t("caller.when.day", { day: format.day(startsAt), time });
}

/** Screen 1: who calls, and when. Looking at it changes nothing anywhere. */
export function Caller({ step, onContinue }: { step: CallerStep; onContinue: () => void }) {
  const i18n = useI18n();
  const { t, format } = i18n;
  const now = useNow(20);
  const { room, role, first_name } = step.preview;
  const { doctor } = room;
  const early = new Date(room.opens_at) > now;
  return (
    <Shell
      name={room.clinic_name}
      bottom={
        <Button size="big" onClick={onContinue} disabled={step.busy}>
          {step.busy ? t("prepare.entering") : t("caller.continue")}
        </Button>
      }
    >
      <div className="grid gap-6 pt-4">
        <p className="text-lg text-muted">{t("caller.greeting", { name: first_name })}</p>
        <div className="flex items-center gap-4">
          <span className="grid size-16 shrink-0 place-items-center rounded-full bg-accent-soft text-accent">
            <Icon name="person" size={32} />
          </span>
          <div>
            <h1 className="text-2xl font-semibold">{t("caller.title", { doctor: doctor.name })}</h1>
            {doctor.council && <p className="text-muted">{doctor.council}</p>}
          </div>
        </div>
        <div className="flex items-start gap-3 rounded-card border border-line bg-surface p-4">
          <Icon name="clock" className="mt-0.5 text-accent" />
          <div>
            <p className="text-lg font-semibold first-letter:uppercase">
              {whenIs(room.starts_at, now, i18n)}
            </p>
            <p className="text-muted">{t("caller.zone", { zone: format.zone(room.starts_at) })}</p>
            {early && <p className="mt-1">{t("caller.early", { time: format.time(room.opens_at) })}</p>}
          </div>
        </div>
        {role !== "patient" && <p>{t("caller.role", { role: t(`role.${role}`) })}</p>}
        <p className="text-muted">{t("caller.note")}</p>
        {step.trouble && <Trouble code={step.trouble} />}
      </div>
    </Shell>
  );
}
