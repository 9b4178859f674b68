import { useQuery } from "@tanstack/react-query";
import { staff } from "../../api/staff";
import type { RoomOut } from "../../api/types";
import type { ActiveRoom } from "../../call";
import { ButtonLink } from "../../components/button";
import { Loading } from "../../components/loading";
import { useNow } from "../../components/use-now";
import { useI18n } from "../../i18n";
import { Empty } from "../staff/empty";
import { ProblemNotice } from "../staff/problem";
import { RoomCard } from "./room-card";
import { useClinic } from "./use-clinic";
import { startOfDayIn, wallClock } from "./zoned";

const byTime = (one: RoomOut, other: RoomOut) => one.starts_at.localeCompare(other.starts_at);

/** Today's rooms as a timeline, and what comes after. */
export function Agenda({ running }: { running: readonly ActiveRoom[] }) {
  const { t } = useI18n();
  const { zone } = useClinic();
  const { day } = wallClock(useNow(60), zone);
  const rooms = useQuery({
    queryKey: ["rooms", day, zone],
    queryFn: () => staff.rooms({ from: startOfDayIn(day, zone), limit: 100 }),
    refetchInterval: 30_000,
  });
  if (rooms.isPending) return <Loading label={t("app.loading")} />;
  if (rooms.isError) return <ProblemNotice error={rooms.error} onRetry={() => void rooms.refetch()} />;
  const all = rooms.data.items.toSorted(byTime);
  const isToday = (room: RoomOut) => wallClock(room.starts_at, zone).day === day;
  const now = all.filter(isToday);
  const later = all.filter((room) => !isToday(room) && room.state === "open");
  const inCall = new Set(running.filter((room) => room.call).map((room) => room.room_id));
  const list = (items: readonly RoomOut[]) => (
    <ol className="grid grid-cols-1 gap-3">
      {items.map((room) => (
        <li key={room.id}>
          <RoomCard room={room} inCall={inCall.has(room.id)} />
        </li>
      ))}
    </ol>
  );
  return (
    <div className="grid grid-cols-1 gap-6">
      <section aria-labelledby="today" className="grid grid-cols-1 gap-3">
        <div className="flex flex-wrap items-center justify-between gap-2">
          <h2 id="today" className="text-lg font-semibold">
            {t("panel.today")}
          </h2>
          <ButtonLink to="/painel/agenda" look="quiet" size="small" icon="calendar" className="-my-1">
            {t("agenda.link")}
          </ButtonLink>
        </div>
        {now.length > 0 ? (
          list(now)
        ) : (
          <Empty title={t("panel.today.empty")} next={t("panel.today.empty.next")} />
        )}
      </section>
      {later.length > 0 && (
        <section aria-labelledby="later" className="grid grid-cols-1 gap-3">
          <h2 id="later" className="text-lg font-semibold">
            {t("panel.upcoming")}
          </h2>
          {list(later)}
        </section>
      )}
    </div>
  );
}
