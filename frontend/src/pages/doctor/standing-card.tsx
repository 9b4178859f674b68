import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { staff } from "../../api/staff";
import type { OwnStandingRoom } from "../../api/types";
import { CopyButton } from "../../components/copy-button";
import { useI18n } from "../../i18n";
import { ProblemNotice } from "../staff/problem";

const KEY = ["standing-room"];

/** The doctor's own address for people without an appointment, with its switch. */
export function StandingCard() {
  const { t, format } = useI18n();
  const client = useQueryClient();
  const own = useQuery({ queryKey: KEY, queryFn: () => staff.standingRoom() });
  const turn = useMutation({
    mutationFn: (open: boolean) => staff.switchStandingRoom(open),
    onSuccess: (now: OwnStandingRoom) => client.setQueryData(KEY, now),
  });
  const room = own.data;
  if (!room) return own.error ? <ProblemNotice error={own.error} onRetry={() => void own.refetch()} /> : null;
  const open = turn.isPending ? turn.variables : room.open;
  return (
    <section aria-labelledby="standing" className="grid gap-2 rounded-card border border-line bg-surface p-4">
      <div className="flex items-center justify-between gap-4">
        <h2 id="standing" className="font-semibold">
          {t("standing.title")}
        </h2>
        <input
          type="checkbox"
          role="switch"
          checked={open}
          aria-checked={open}
          disabled={turn.isPending}
          aria-labelledby="standing"
          aria-describedby="standing-said"
          onChange={(event) => turn.mutate(event.target.checked)}
          className="size-6 shrink-0 accent-accent"
        />
      </div>
      <p id="standing-said" role="status" className="text-sm text-muted">
        {room.open && room.closes_at
          ? t("standing.open", { time: format.time(room.closes_at) })
          : t("standing.closed")}
      </p>
      {turn.error && <ProblemNotice error={turn.error} />}
      {room.open && (
        <div className="flex flex-wrap items-center gap-2">
          <code className="min-w-0 flex-1 truncate text-sm">{room.link.replace(/^https?:\/\//, "")}</code>
          <CopyButton text={room.link} label={t("standing.copy")} done={t("app.copied")} />
        </div>
      )}
    </section>
  );
}
