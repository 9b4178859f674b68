import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useRef } from "react";
import { staff } from "../../api/staff";
import type { RoomOut } from "../../api/types";
import { Button } from "../../components/button";
import { useI18n } from "../../i18n";
import { BookingProblem } from "../doctor/free-slots";
import type { Clinic } from "../doctor/use-clinic";
import { type When, WhenFields, whenOf } from "../doctor/when-fields";
import { wallClock } from "../doctor/zoned";
import { WhoAndWhen } from "./room-dialog";

const minutesOf = (room: RoomOut) => (Date.parse(room.ends_at) - Date.parse(room.starts_at)) / 60_000;

/** Another time for a consultation; everybody invited gets a new link for it. */
export function MoveForm({
  room,
  clinic,
  onBack,
  onMoved,
}: {
  room: RoomOut;
  clinic: Clinic;
  onBack: () => void;
  onMoved: (room: RoomOut) => void;
}) {
  const { t } = useI18n();
  const client = useQueryClient();
  const form = useRef<HTMLFormElement>(null);
  const move = useMutation({
    mutationFn: (when: When) => staff.moveRoom(room.id, when),
    onSuccess: onMoved,
    onSettled: () => client.invalidateQueries({ queryKey: ["rooms"] }),
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const when = whenOf(new FormData(event.currentTarget), clinic.zone);
    if (when) move.mutate(when);
  };
  const choose = (starts_at: string) => {
    if (!form.current) return;
    const duration = Number(new FormData(form.current).get("duration"));
    move.mutate({ starts_at, duration_minutes: duration });
  };
  const slot = { ...wallClock(room.starts_at, clinic.zone), minutes: minutesOf(room) };
  return (
    <form ref={form} onSubmit={submit} className="grid gap-4">
      <WhoAndWhen room={room} clinic={clinic} />
      <WhenFields clinic={clinic} slot={slot} />
      <p className="text-muted">{t(room.patient.email ? "agenda.move.note" : "agenda.move.note.copy")}</p>
      {move.error && (
        <BookingProblem error={move.error} clinic={clinic} busy={move.isPending} onChoose={choose} />
      )}
      <div className="flex flex-wrap justify-end gap-2">
        <Button look="secondary" onClick={onBack}>
          {t("agenda.back")}
        </Button>
        <Button type="submit" disabled={move.isPending}>
          {t("agenda.move.confirm")}
        </Button>
      </div>
    </form>
  );
}
