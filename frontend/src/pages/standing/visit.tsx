/** /sala/:doctorSlug: a doctor's standing room, for people without an appointment. */
import { useEffect, useState } from "react";
import { Redirect, useParams } from "wouter";
import type { StandingRoomOut } from "../../api/types";
import { Button } from "../../components/button";
import { Field } from "../../components/field";
import { Icon } from "../../components/icon";
import { Loading } from "../../components/loading";
import { Shell } from "../../components/shell";
import { useTitle } from "../../components/use-title";
import { useWatched } from "../../components/use-watched";
import { useI18n } from "../../i18n";
import { useLetGo } from "../call/let-go";
import { Trouble } from "../precall/patient";
import { Prepare } from "../precall/prepare";
import { Refused } from "../precall/refused";
import { VisitFlow } from "./flow";

const MAX_NAME = 120;

export default function VisitPage() {
  const { doctorSlug } = useParams<{ doctorSlug: string }>();
  return <Visit key={doctorSlug} slug={doctorSlug} />;
}

function Visit({ slug }: { slug: string }) {
  const { t, language } = useI18n();
  const [flow] = useState(() => new VisitFlow(slug, language));
  const step = useWatched(flow.step);
  useTitle(t("app.name"));
  useEffect(() => void flow.look(), [flow]);
  useLetGo(flow, (gone) => gone.close());

  switch (step.is) {
    case "opening":
      return (
        <Shell>{step.trouble ? <Trouble code={step.trouble} /> : <Loading label={t("app.loading")} />}</Shell>
      );
    case "closed":
      return <Closed room={step.room} onRetry={() => void flow.look()} />;
    case "name":
      return <Introduce room={step.room} onName={(name) => flow.introduce(name)} />;
    case "prepare": {
      const { room, busy, trouble } = step;
      const seat = {
        room: { clinic_name: room.clinic_name },
        participant: { role: "patient" as const },
        consent: { given: false, emergency: false, text: room.consent },
        ice_urls: room.ice_urls,
      };
      return (
        <Prepare
          step={{ seat, busy, trouble }}
          media={flow.media}
          onTry={() => void flow.tryDevices()}
          onEnter={(answer, text) => {
            if (answer) void flow.enter(answer, text);
          }}
        />
      );
    }
    case "seated":
      return <Redirect to={`/paciente/${step.roomId}`} replace />;
    case "refused":
      return <Refused code={step.code} opensAt={null} onRetry={() => void flow.look()} />;
  }
}

function Closed({ room, onRetry }: { room: StandingRoomOut; onRetry: () => void }) {
  const { t } = useI18n();
  return (
    <Shell
      arrive
      name={room.clinic_name}
      bottom={
        <Button size="big" onClick={onRetry}>
          {t("app.retry")}
        </Button>
      }
    >
      <div className="grid justify-items-center gap-4 pt-12 text-center">
        <span className="grid size-16 place-items-center rounded-full bg-sunken text-muted">
          <Icon name="clock" size={32} />
        </span>
        <h1 className="text-2xl font-semibold">{t("visit.closed")}</h1>
        <p role="status" className="text-lg text-muted">
          {t("visit.closed.next")}
        </p>
      </div>
    </Shell>
  );
}

function Introduce({ room, onName }: { room: StandingRoomOut; onName: (name: string) => void }) {
  const { t } = useI18n();
  const [name, setName] = useState("");
  const [tried, setTried] = useState(false);
  const said = name.trim();
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (said) onName(said);
      }}
    >
      <Shell
        name={room.clinic_name}
        bottom={
          <Button type="submit" size="big">
            {t("caller.continue")}
          </Button>
        }
      >
        <div className="grid gap-6 pt-4">
          <div className="flex items-center gap-4">
            <span className="grid size-16 shrink-0 place-items-center rounded-full bg-accent-soft text-accent">
              <Icon name="person" size={32} />
            </span>
            <div>
              <h1 className="text-2xl font-semibold">
                {t("visit.title", { doctor: room.doctor?.name ?? room.clinic_name })}
              </h1>
              {room.doctor?.council && <p className="text-muted">{room.doctor.council}</p>}
            </div>
          </div>
          <p>{t("visit.lead")}</p>
          <Field
            label={t("visit.name")}
            hint={t("visit.name.hint")}
            error={tried && !said ? t("visit.name.missing") : null}
            value={name}
            maxLength={MAX_NAME}
            autoComplete="name"
            onChange={(event) => setName(event.target.value)}
          />
        </div>
      </Shell>
    </form>
  );
}
