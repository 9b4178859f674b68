import type { MouseEvent } from "react";
import type { RoomOut } from "../../api/types";
import { useI18n } from "../../i18n";
import { makeFormat } from "../../i18n/format";
import type { Clinic } from "../doctor/use-clinic";
import type { Slot } from "../doctor/when-fields";
import { changesClock, minutesOf, timeOf, wallClock } from "../doctor/zoned";
import { hoursOf, type Placed, placed } from "./layout";
import { BLOCK, RoomLight, standing, useRoomName } from "./room-block";
import { noonOf } from "./toolbar";

/** Tall enough that the shortest block can be hit: 24 px (WCAG 2.2, 2.5.8). */
const HOUR_PX = 80;
const STEP_MINUTES = 30;

interface Days {
  days: readonly string[];
  rooms: readonly (readonly RoomOut[])[];
  clinic: Clinic;
  now: Date;
  onRoom: (id: string) => void;
  onSlot: (slot: Slot) => void;
  onDay?: (day: string) => void;
}

/** Days side by side, hours downwards. A tap on a free place books there. */
export function Grid({ days, rooms, clinic, now, onRoom, onSlot, onDay }: Days) {
  const { t, language } = useI18n();
  const format = makeFormat(language, "UTC");
  const columns = rooms.map((of) => placed(of, clinic.zone));
  const { first, last } = hoursOf(columns);
  const hours = Array.from({ length: last - first }, (_, index) => first + index);
  const here = wallClock(now, clinic.zone);
  const nowAt = (minutesOf(here.time) / 60 - first) * HOUR_PX;
  const template = { gridTemplateColumns: `3.25rem repeat(${days.length}, minmax(0, 1fr))` };
  return (
    <div className="overflow-hidden rounded-card border border-line bg-surface">
      {onDay && (
        <div className="grid border-b border-line" style={template}>
          <span />
          {days.map((day) => (
            <button
              key={day}
              type="button"
              onClick={() => onDay(day)}
              aria-label={t("agenda.open.day", { day: format.day(noonOf(day)) })}
              className={`grid justify-items-center border-l border-line py-2 leading-tight hover:bg-sunken ${day === here.day ? "text-accent" : "text-muted"}`}
            >
              <span className="text-xs">{format.weekday(noonOf(day))}</span>
              <span className="text-lg font-semibold tabular-nums">{Number(day.slice(8))}</span>
            </button>
          ))}
        </div>
      )}
      {days.some((day) => changesClock(day, clinic.zone)) && (
        <p className="border-b border-line bg-warn-soft px-3 py-2 text-sm text-warn">
          {t("agenda.clock_change")}
        </p>
      )}
      <div className="relative grid" style={{ ...template, height: hours.length * HOUR_PX }}>
        <div aria-hidden="true">
          {hours.map((hour) => (
            <p
              key={hour}
              className="pr-2 pt-0.5 text-right text-xs text-muted tabular-nums"
              style={{ height: HOUR_PX }}
            >
              {timeOf(hour * 60)}
            </p>
          ))}
        </div>
        {days.map((day, index) => (
          <section
            key={day}
            aria-label={format.day(noonOf(day))}
            className={`relative border-l border-line ${day === here.day && days.length > 1 ? "bg-accent-soft/30" : ""}`}
          >
            <Free first={first} hours={hours} day={day} onSlot={onSlot} />
            <ol>
              {columns[index]?.map((one) => (
                <Block key={one.room.id} one={one} first={first} clinic={clinic} now={now} onRoom={onRoom} />
              ))}
            </ol>
            {day === here.day && nowAt >= 0 && nowAt <= hours.length * HOUR_PX && (
              <div
                aria-hidden="true"
                className="pointer-events-none absolute inset-x-0 border-t-2 border-danger"
                style={{ top: nowAt }}
              />
            )}
          </section>
        ))}
      </div>
    </div>
  );
}

/** The free place behind the blocks. By keyboard, "Nova consulta" leads to the same form: 140 stops would help nobody. */
function Free({
  first,
  hours,
  day,
  onSlot,
}: {
  first: number;
  hours: readonly number[];
  day: string;
  onSlot: (slot: Slot) => void;
}) {
  const choose = (event: MouseEvent<HTMLButtonElement>) => {
    const down = event.clientY - event.currentTarget.getBoundingClientRect().top;
    const minutes = first * 60 + Math.floor(((down / HOUR_PX) * 60) / STEP_MINUTES) * STEP_MINUTES;
    onSlot({ day, time: timeOf(Math.min(minutes, 24 * 60 - STEP_MINUTES)) });
  };
  return (
    <button
      type="button"
      tabIndex={-1}
      aria-hidden="true"
      onClick={choose}
      className="absolute inset-0 cursor-copy"
    >
      {hours.map((hour) => (
        <span key={hour} className="block border-b border-line last:border-b-0" style={{ height: HOUR_PX }} />
      ))}
    </button>
  );
}

function Block({
  one: { room, from, to, lane, lanes },
  first,
  clinic,
  now,
  onRoom,
}: {
  one: Placed;
  first: number;
  clinic: Clinic;
  now: Date;
  onRoom: (id: string) => void;
}) {
  const nameOf = useRoomName(clinic, now);
  const { key, off } = standing(room, now);
  const height = ((to - from) / 60) * HOUR_PX - 2;
  const short = height < 40;
  const times = `${clinic.format.time(room.starts_at)}–${clinic.format.time(room.ends_at)}`;
  return (
    <li
      className="absolute px-0.5"
      style={{
        top: (from / 60 - first) * HOUR_PX + 1,
        height,
        left: `${(lane / lanes) * 100}%`,
        width: `${100 / lanes}%`,
      }}
    >
      <button
        type="button"
        aria-label={nameOf(room)}
        onClick={() => onRoom(room.id)}
        className={`flex size-full gap-x-2 overflow-hidden rounded-lg border-l-4 px-2 text-left text-sm leading-tight ${
          short ? "items-center" : "flex-col pt-1"
        } ${BLOCK[key]}`}
      >
        <span dir="auto" className={`max-w-full min-w-0 truncate font-semibold ${off ? "line-through" : ""}`}>
          {room.patient.name}
        </span>
        <span className="shrink-0 truncate text-xs tabular-nums">
          {short ? clinic.format.time(room.starts_at) : times}
        </span>
        <RoomLight room={room} />
      </button>
    </li>
  );
}
