import { useState } from "react";
import type { PeerView } from "../../call";
import { Icon } from "../../components/icon";
import { Video } from "../../components/video";
import { useI18n } from "../../i18n";
import { Avatar } from "./avatar";
import { QualityMark } from "./quality-mark";

/** A picture taller than wide keeps its edges on a wide stage; a shared screen keeps them always. */
function fitOf(screen: boolean, upright: boolean): string {
  if (screen) return "object-contain";
  return upright ? "object-cover landscape:object-contain" : "object-cover";
}

/** One other person. The last frame stays while the connection is being brought back. */
export function Tile({ peer, onBlocked }: { peer: PeerView; onBlocked: (video: HTMLVideoElement) => void }) {
  const { t } = useI18n();
  const [upright, setUpright] = useState(false);
  const { media, participant, link } = peer;
  const pictured = (media.video || media.screen) && !peer.videoPaused;
  const lost = link === "reconnecting";
  const away = lost || participant.connection === "away";
  return (
    <section
      aria-label={`${peer.name}, ${t(`role.${peer.role}`)}`}
      className={`relative grid min-h-0 min-w-0 place-items-center overflow-hidden bg-stage-raised ${peer.speaking ? "ring-3 ring-inset ring-[#7fe3d6]" : ""}`}
    >
      <Video
        data-participant={peer.id}
        stream={peer.stream}
        onBlocked={onBlocked}
        onLoadedData={peer.onSeen}
        onResize={(event) => setUpright(event.currentTarget.videoHeight > event.currentTarget.videoWidth)}
        className={`absolute inset-0 size-full ${fitOf(media.screen, upright)} ${pictured ? "" : "opacity-0"} ${lost ? "brightness-50" : ""}`}
      />
      {!pictured && (
        <div className="relative grid justify-items-center gap-3 text-stage-text">
          <Avatar name={peer.name} />
          <p className="text-sm text-stage-muted">
            {t(peer.videoPaused && media.video ? "call.paused_video" : "call.mark.camera_off")}
          </p>
        </div>
      )}
      {away && (
        <p className="absolute top-16 mx-4 rounded-card bg-black/75 px-4 py-2 text-center text-stage-text">
          {t("call.state.peer_away", { name: peer.name })}
        </p>
      )}
      <div className="absolute bottom-2 left-2 flex max-w-[calc(100%-128px)] items-center gap-2 rounded-lg bg-black/65 px-3 py-1.5 text-sm text-stage-text">
        <span className="truncate">
          {media.screen ? t("call.mark.screen_of", { name: peer.name }) : peer.name}
          <span className="text-stage-muted"> · {t(`role.${peer.role}`)}</span>
        </span>
        {!media.audio && <Mark icon="mic_off" label={t("call.mark.mic_off")} />}
        {!media.video && !media.screen && <Mark icon="camera_off" label={t("call.mark.camera_off")} />}
        <QualityMark grade={peer.quality?.grade ?? null} />
      </div>
    </section>
  );
}

function Mark({ icon, label }: { icon: "mic_off" | "camera_off"; label: string }) {
  return (
    <span className="flex items-center text-[#ffb4ab]">
      <Icon name={icon} size={18} />
      <span className="sr-only">{label}</span>
    </span>
  );
}
