import type { RoomOut } from "../../api/types";
import { useI18n } from "../../i18n";
import { makeFormat } from "../../i18n/format";
import type { Clinic } from "../doctor/use-clinic";
import { wallClock } from "../doctor/zoned";
import { BLOCK, RoomLight, standing, useRoomName } from "./room-block";
import { noonOf } from "./toolbar";

/** A week on a phone: one day under the other, what is free in one line. */
export function WeekList({
  days,
  rooms,
  clinic,
  now,
  onRoom,
  onDay,
}: {
  days: readonly string[];
  rooms: readonly (readonly RoomOut[])[];
  clinic: Clinic;
  now: Date;
  onRoom: (id: string) => void;
  onDay: (day: string) => void;
}) {
  const { t, language } = useI18n();
  const format = makeFormat(language, "UTC");
  const nameOf = useRoomName(clinic, now);
  const here = wallClock(now, clinic.zone).day;
  return (
    <div className="grid grid-cols-1 gap-2">
      {days.map((day, index) => {
        const of = rooms[index] ?? [];
        return (
          <section key={day} className="rounded-card border border-line bg-surface p-3">
            <h3>
              <button
                type="button"
                onClick={() => onDay(day)}
                className={`flex min-h-9 w-full items-center justify-between gap-3 text-left font-semibold ${day === here ? "text-accent" : ""}`}
              >
                <span className="first-letter:uppercase">{format.day(noonOf(day))}</span>
                {of.length === 0 && (
                  <span className="text-sm font-normal text-muted">{t("agenda.free.day")}</span>
                )}
              </button>
            </h3>
            {of.length > 0 && (
              <ol className="mt-1 grid grid-cols-1 gap-1.5">
                {of.map((room) => {
                  const { key, off } = standing(room, now);
                  return (
                    <li key={room.id}>
                      <button
                        type="button"
                        aria-label={nameOf(room)}
                        onClick={() => onRoom(room.id)}
                        className={`flex min-h-12 w-full items-center gap-3 rounded-lg border-l-4 px-3 text-left ${BLOCK[key]}`}
                      >
                        <span className="w-26 shrink-0 text-sm tabular-nums">
                          {clinic.format.time(room.starts_at)}–{clinic.format.time(room.ends_at)}
                        </span>
                        <span
                          dir="auto"
                          className={`min-w-0 flex-1 truncate font-semibold ${off ? "line-through" : ""}`}
                        >
                          {room.patient.name}
                        </span>
                        <RoomLight room={room} />
                      </button>
                    </li>
                  );
                })}
              </ol>
            )}
          </section>
        );
      })}
    </div>
  );
}
