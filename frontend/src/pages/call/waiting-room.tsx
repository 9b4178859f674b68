import { useState } from "react";
import type { CallSession } from "../../call";
import { serverNow } from "../../clock";
import { Button } from "../../components/button";
import { Icon } from "../../components/icon";
import { Shell } from "../../components/shell";
import { useNow } from "../../components/use-now";
import { useWakeLock } from "../../components/use-wake-lock";
import { useWatched } from "../../components/use-watched";
import { Video } from "../../components/video";
import { useI18n } from "../../i18n";
import { clock } from "../../i18n/format";
import { Withdraw } from "../precall/withdraw";
import { Said } from "../queue/later";
import { stateKey } from "./state-words";

const TIPS = ["waiting.tip.light", "waiting.tip.quiet", "waiting.tip.power", "waiting.tip.papers"] as const;

/** The wait: where one stands, that the doctor knows, and what to do meanwhile. */
export function WaitingRoom({
  session,
  clinic,
  since,
  onWithdraw,
}: {
  session: CallSession;
  clinic: string | null;
  since: string;
  onWithdraw?: () => Promise<void>;
}) {
  const { t } = useI18n();
  useWakeLock();
  const position = useWatched(session.position);
  const notice = useWatched(session.notice);
  const estimate = useWatched(session.estimate);
  const room = useWatched(session.room);
  const people = useWatched(session.participants);
  const server = useWatched(session.server);
  const { picture, mirrored } = useWatched(session.media.view);
  const now = useNow();
  const [arrived] = useState(serverNow);
  // Clocks differ: the later of the two beginnings never shows an absurd wait.
  const waited = (now.getTime() - Math.max(arrived.getTime(), new Date(since).getTime())) / 1000;
  const doctor = people.find((person) => person.role === "doctor");
  const doctorName = room?.doctor_name ?? doctor?.name ?? "";
  return (
    <Shell
      arrive
      name={clinic}
      bottom={
        <Button look="secondary" size="big" onClick={() => void session.leave()}>
          {t("waiting.leave")}
        </Button>
      }
    >
      <div className="grid gap-6 pt-2">
        <div className="grid justify-items-center gap-3 rounded-card bg-accent-soft p-6 text-center">
          <Icon name="clock" size={40} className="text-accent" />
          <h1 className="text-2xl font-semibold">{t("waiting.title")}</h1>
          <p role="status" className="text-lg">
            <span className={server === "online" ? "sr-only" : ""}>
              {t(stateKey(session.phase.get(), [], server))}
            </span>{" "}
            {server === "online" && t("waiting.told")}{" "}
            {position !== null && (
              <strong className="block">
                {position === 1 ? t("waiting.next") : t("waiting.position", { position })}
              </strong>
            )}
          </p>
          <p className="text-muted tabular-nums">{t("waiting.since", { time: clock(waited) })}</p>
        </div>
        {(notice || estimate) && <Said notice={notice} estimate={estimate} />}
        {doctorName && (
          <p className="flex items-center gap-2">
            <span
              className={`size-3 rounded-full ${doctor?.connection === "online" ? "bg-ok" : "bg-field"}`}
            />
            {t(doctor?.connection === "online" ? "waiting.doctor.here" : "waiting.doctor.away", {
              doctor: doctorName,
            })}
          </p>
        )}
        <p className="font-medium">{t("waiting.screen")}</p>
        {picture && (
          <figure className="grid gap-2">
            <Video
              stream={picture}
              muted
              aria-label={t("waiting.preview")}
              className={`aspect-video w-full rounded-card bg-stage object-cover ${mirrored ? "-scale-x-100" : ""}`}
            />
            <figcaption className="text-sm text-muted">{t("waiting.preview")}</figcaption>
          </figure>
        )}
        <section aria-labelledby="tips" className="grid gap-2">
          <h2 id="tips" className="font-semibold">
            {t("waiting.tips")}
          </h2>
          <ul className="grid gap-2">
            {TIPS.map((tip) => (
              <li key={tip} className="flex gap-2">
                <Icon name="check" size={20} className="mt-0.5 text-ok" />
                {t(tip)}
              </li>
            ))}
          </ul>
        </section>
        {onWithdraw && (
          <p>
            <Withdraw inCall={false} onWithdraw={onWithdraw} />
          </p>
        )}
      </div>
    </Shell>
  );
}
