/** /painel/agenda: the doctor's days and weeks, by the clinic's clock. */
import { useState } from "react";
import { useSearchParams } from "wouter";
import { serverNow } from "../../clock";
import { Button } from "../../components/button";
import { Loading } from "../../components/loading";
import { useNow } from "../../components/use-now";
import { useTitle } from "../../components/use-title";
import { useI18n } from "../../i18n";
import { NewConsultation } from "../doctor/new-consultation";
import { useClinic } from "../doctor/use-clinic";
import type { Slot } from "../doctor/when-fields";
import { addDays, isDay, wallClock, weekOf } from "../doctor/zoned";
import { Frame } from "../staff/frame";
import { Gate } from "../staff/gate";
import { ProblemNotice } from "../staff/problem";
import { DayStrip } from "./day-strip";
import { Grid } from "./grid";
import { byDay } from "./layout";
import { RoomDialog } from "./room-dialog";
import { Toolbar, type View } from "./toolbar";
import { useWeek } from "./use-week";
import { WeekList } from "./week-list";

export default function AgendaPage() {
  return (
    <Gate only="doctor">
      {(user) => (
        <Frame user={user}>
          <Agenda />
        </Frame>
      )}
    </Gate>
  );
}

/** What the address asks for; a wide screen begins with the week, a narrow one with the day. */
function useAddress(zone: string) {
  const [search, setSearch] = useSearchParams();
  const today = wallClock(serverNow(), zone).day;
  const asked = search.get("dia");
  const day = isDay(asked) ? asked : today;
  const wide = matchMedia("(min-width: 768px)").matches;
  const ver = search.get("ver") ?? (wide ? "semana" : "dia");
  const view: View = ver === "semana" ? "week" : "day";
  const go = (to: { day?: string; view?: View }) =>
    setSearch({
      dia: to.day ?? day,
      ver: (to.view ?? view) === "week" ? "semana" : "dia",
    });
  return { day, view, today, go };
}

type Open = { is: "new"; slot?: Slot } | { is: "room"; id: string } | null;

function Agenda() {
  const { t } = useI18n();
  const clinic = useClinic();
  const now = useNow(30);
  const { day, view, today, go } = useAddress(clinic.zone);
  const [open, setOpen] = useState<Open>(null);
  const days = weekOf(day);
  const week = useWeek(days, clinic.zone);
  useTitle(`${t("agenda.title")} · ${t("app.name")}`);
  const rooms = byDay(week.data ?? [], days, clinic.zone);
  const shown = open?.is === "room" ? week.data?.find((room) => room.id === open.id) : undefined;
  const openRoom = (id: string) => setOpen({ is: "room", id });
  const openSlot = (slot: Slot) => setOpen({ is: "new", slot });
  const isOpen = open?.is === "new" || shown !== undefined;
  return (
    <>
      {/* What lies behind a modal is out of reach for everybody, assistive technology included. */}
      <div aria-hidden={isOpen || undefined} className="grid grid-cols-1 gap-4">
        <div className="flex flex-wrap items-center justify-between gap-3">
          <div>
            <h1 className="text-2xl font-semibold">{t("agenda.title")}</h1>
            <p className="text-sm text-muted">{t("agenda.zone", { zone: clinic.zoneLabel(now) })}</p>
          </div>
          <Button icon="plus" onClick={() => setOpen({ is: "new" })} className="max-sm:w-full">
            {t("room.new")}
          </Button>
        </div>
        <Toolbar
          view={view}
          days={view === "week" ? days : [day]}
          today={today}
          onView={(to) => go({ view: to })}
          onToday={() => go({ day: today })}
          onDay={(to) => go({ day: to })}
          onStep={(steps) => go({ day: addDays(day, steps * (view === "week" ? 7 : 1)) })}
        />
        {view === "day" && (
          <DayStrip
            days={days}
            day={day}
            today={today}
            counts={rooms.map((of) => of.filter((room) => room.state === "open").length)}
            onDay={(to) => go({ day: to })}
          />
        )}
        {week.isError && <ProblemNotice error={week.error} onRetry={() => void week.refetch()} />}
        {week.isPending && <Loading label={t("app.loading")} />}
        {week.data && view === "day" && (
          <Grid
            days={[day]}
            rooms={[rooms[days.indexOf(day)] ?? []]}
            clinic={clinic}
            now={now}
            onRoom={openRoom}
            onSlot={openSlot}
          />
        )}
        {week.data && view === "week" && (
          <>
            <div className="max-md:hidden">
              <Grid
                days={days}
                rooms={rooms}
                clinic={clinic}
                now={now}
                onRoom={openRoom}
                onSlot={openSlot}
                onDay={(to) => go({ day: to, view: "day" })}
              />
            </div>
            <div className="md:hidden">
              <WeekList
                days={days}
                rooms={rooms}
                clinic={clinic}
                now={now}
                onRoom={openRoom}
                onDay={(to) => go({ day: to, view: "day" })}
              />
            </div>
          </>
        )}
      </div>
      {open?.is === "new" && <NewConsultation slot={open.slot} onClose={() => setOpen(null)} />}
      {shown && (
        <RoomDialog
          room={shown}
          clinic={clinic}
          onClose={() => setOpen(null)}
          onMoved={(at) => go({ day: wallClock(at, clinic.zone).day })}
        />
      )}
    </>
  );
}
