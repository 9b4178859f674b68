/** A day, a time and a length, by the clinic's clock: for booking and for moving. */
import { useState } from "react";
import type { RoomCreate } from "../../api/types";
import { serverNow } from "../../clock";
import { Field, SelectField } from "../../components/field";
import { useI18n } from "../../i18n";
import type { Clinic } from "./use-clinic";
import { instantsAt, wallClock } from "./zoned";

const DURATIONS = [10, 15, 20, 30, 45, 60, 90, 120] as const;

/** Where a form begins: a time on a day, as the clinic's clock shows it. */
export interface Slot {
  day: string;
  time: string;
  minutes?: number;
}

export type When = Required<Pick<RoomCreate, "starts_at" | "duration_minutes">>;

/** The time a filled form states; null for an hour that a clock change skips. Of one that comes twice, the first is meant. */
export function whenOf(form: FormData, zone: string): When | null {
  const text = (name: string) => String(form.get(name) ?? "").trim();
  const [starts_at] = instantsAt(text("date"), text("time"), zone);
  return starts_at ? { starts_at, duration_minutes: Number(text("duration")) } : null;
}

/** The next full quarter of an hour by the clinic's clock. */
export function nextQuarter(now: Date, zone: string): Slot {
  const at = new Date(Math.ceil(now.getTime() / 900_000) * 900_000);
  return wallClock(at, zone);
}

export function WhenFields({ clinic, slot }: { clinic: Clinic; slot?: Slot | undefined }) {
  const { t, plural } = useI18n();
  const [first] = useState<Slot>(() => slot ?? nextQuarter(serverNow(), clinic.zone));
  const [shown, setShown] = useState({ day: first.day, time: first.time });
  const skipped = shown.day !== "" && shown.time !== "" && !instantsAt(shown.day, shown.time, clinic.zone)[0];
  const minutes = first.minutes ?? 30;
  const choices = [...new Set([...DURATIONS, minutes])].toSorted((one, other) => one - other);
  return (
    <>
      <div className="grid gap-3 sm:grid-cols-[1.25fr_1fr_1.15fr]">
        <Field
          label={t("room.date")}
          name="date"
          type="date"
          required
          min={wallClock(serverNow(), clinic.zone).day}
          value={shown.day}
          onChange={(event) => setShown({ ...shown, day: event.target.value })}
        />
        <Field
          label={t("room.time")}
          name="time"
          type="time"
          required
          value={shown.time}
          onChange={(event) => setShown({ ...shown, time: event.target.value })}
          error={skipped ? t("agenda.skipped") : null}
        />
        <SelectField
          label={t("room.duration")}
          name="duration"
          defaultValue={String(minutes)}
          choices={choices.map((value) => ({
            value: String(value),
            label: plural("duration.minutes", value),
          }))}
        />
      </div>
      <p className="text-sm text-muted">{t("agenda.zone", { zone: clinic.zoneLabel(serverNow()) })}</p>
    </>
  );
}
