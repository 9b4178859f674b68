import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useRef, useState } from "react";
import { useLocation } from "wouter";
import { ApiError } from "../../api/client";
import { staff } from "../../api/staff";
import type { RoomCreate, RoomOut } from "../../api/types";
import { serverNow } from "../../clock";
import { Button } from "../../components/button";
import { CopyButton } from "../../components/copy-button";
import { Dialog } from "../../components/dialog";
import { Field, SelectField } from "../../components/field";
import { useI18n } from "../../i18n";
import { LANGUAGE_NAMES, LANGUAGES, type Language, match } from "../../i18n/language";
import { BookingProblem } from "./free-slots";
import { deliveryWords } from "./invitations";
import { useClinic } from "./use-clinic";
import { type Slot, type When, WhenFields, whenOf } from "./when-fields";
import { zoneChoices } from "./zones";

/** The wish a filled form states; `when` is null for a consultation that begins now. */
export function wishOf(form: FormData, when: When | null): RoomCreate {
  const text = (name: string) => String(form.get(name) ?? "").trim();
  const patient = { name: text("name"), email: text("email") || null };
  const language: Language = match(text("language")) ?? "pt-BR";
  if (!when) return { patient, language };
  const time_zone = text("zone");
  return { patient, language, ...when, ...(time_zone && { time_zone }) };
}

/** Creates a room, then shows its link; one dialog for both. With a `slot` it is for that time. */
export function NewConsultation({ slot, onClose }: { slot?: Slot | undefined; onClose: () => void }) {
  const { t } = useI18n();
  const [room, setRoom] = useState<RoomOut | null>(null);
  return (
    <Dialog title={t(room ? "room.created" : "room.new")} onClose={onClose} closeLabel={t("app.close")}>
      {room ? <Created room={room} onClose={onClose} /> : <Form slot={slot} onCreated={setRoom} />}
    </Dialog>
  );
}

function Form({ slot, onCreated }: { slot: Slot | undefined; onCreated: (room: RoomOut) => void }) {
  const { t, language } = useI18n();
  const clinic = useClinic();
  const client = useQueryClient();
  const [later, setLater] = useState(slot !== undefined);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const form = useRef<HTMLFormElement>(null);
  const [zones] = useState(() => zoneChoices(language, serverNow()));
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const when = later ? whenOf(data, clinic.zone) : null;
    if (!later || when) void book(wishOf(data, when));
  };
  /** What the form says, but at another time. */
  const choose = (starts_at: string) => {
    if (!form.current?.reportValidity()) return;
    const data = new FormData(form.current);
    void book(wishOf(data, { starts_at, duration_minutes: Number(data.get("duration")) }));
  };
  const book = async (wish: RoomCreate) => {
    setBusy(true);
    setError(null);
    try {
      const room = await staff.openRoom(wish);
      void client.invalidateQueries({ queryKey: ["rooms"] });
      onCreated(room);
    } catch (problem) {
      setError(problem);
      setBusy(false);
    }
  };
  const problem = error instanceof ApiError ? error.problem : null;
  const wrongEmail = problem?.errors?.some(({ field }) => field.includes("email")) ?? false;
  return (
    <form ref={form} onSubmit={submit} className="grid gap-4">
      <Field label={t("room.patient.name")} name="name" required maxLength={200} autoComplete="off" />
      <Field
        label={t("room.patient.email")}
        name="email"
        type="email"
        autoComplete="off"
        hint={t("room.patient.email.hint")}
        error={wrongEmail ? t("field.email") : null}
      />
      <fieldset className="grid gap-2">
        <legend className="mb-1 font-medium">{t("room.when")}</legend>
        <div className="grid grid-cols-2 gap-2">
          <Option name="when" label={t("room.when.now")} checked={!later} onChoose={() => setLater(false)} />
          <Option name="when" label={t("room.when.later")} checked={later} onChoose={() => setLater(true)} />
        </div>
        {later && (
          <div className="grid gap-3 pt-2">
            <WhenFields clinic={clinic} slot={slot} />
            <SelectField
              label={t("room.zone")}
              hint={t("room.zone.hint")}
              name="zone"
              defaultValue=""
              choices={[{ value: "", label: t("room.zone.clinic") }, ...zones]}
            />
          </div>
        )}
      </fieldset>
      <SelectField
        label={t("room.language")}
        name="language"
        defaultValue={language}
        choices={LANGUAGES.map((tag) => ({ value: tag, label: LANGUAGE_NAMES[tag] }))}
      />
      {error !== null && <BookingProblem error={error} clinic={clinic} busy={busy} onChoose={choose} />}
      <Button type="submit" size="big" disabled={busy}>
        {busy ? t("room.creating") : t("room.create")}
      </Button>
    </form>
  );
}

function Option({
  name,
  label,
  checked,
  onChoose,
}: {
  name: string;
  label: string;
  checked: boolean;
  onChoose: () => void;
}) {
  return (
    <label className="flex min-h-11 cursor-pointer items-center justify-center rounded-card border border-field px-3 text-center font-medium has-checked:border-accent has-checked:bg-accent-soft has-checked:text-accent has-focus-visible:outline-3 has-focus-visible:outline-accent">
      <input type="radio" name={name} checked={checked} onChange={onChoose} className="sr-only" />
      {label}
    </label>
  );
}

function Created({ room, onClose }: { room: RoomOut; onClose: () => void }) {
  const i18n = useI18n();
  const { t } = i18n;
  const [, navigate] = useLocation();
  // The mail is sent by a job behind the answer: look until it has left or was refused.
  const fresh = useQuery({
    queryKey: ["rooms", "one", room.id],
    queryFn: () => staff.room(room.id),
    initialData: room,
    refetchInterval: (query) => (query.state.data?.invitations[0]?.delivery === "queued" ? 1500 : false),
  }).data;
  const invitation = fresh.invitations[0];
  return (
    <div className="grid gap-4">
      <p>{t("room.created.next", { name: room.patient.name.split(" ")[0] ?? room.patient.name })}</p>
      {invitation?.link && (
        <>
          <Field
            label={t("room.link")}
            value={invitation.link}
            readOnly
            onFocus={(event) => event.target.select()}
          />
          <div className="flex flex-wrap items-center gap-2">
            <CopyButton text={invitation.link} label={t("room.copy")} done={t("app.copied")} />
          </div>
        </>
      )}
      {invitation && (
        <p role="status" className={invitation.delivery === "failed" ? "text-danger" : "text-muted"}>
          {deliveryWords(invitation, i18n)}
        </p>
      )}
      <div className="grid gap-2">
        <Button size="big" icon="camera" onClick={() => navigate(`/medico/${room.id}`)}>
          {t("room.enter")}
        </Button>
        <Button look="secondary" size="big" onClick={onClose}>
          {t("room.later")}
        </Button>
      </div>
    </div>
  );
}
