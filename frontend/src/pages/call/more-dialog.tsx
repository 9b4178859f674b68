import type { CallSession, PeerView } from "../../call";
import { Button } from "../../components/button";
import { Dialog } from "../../components/dialog";
import { useWatched } from "../../components/use-watched";
import { useI18n } from "../../i18n";
import { DevicePicker } from "../precall/device-picker";
import { Withdraw } from "../precall/withdraw";
import { canShareScreen } from "./bar";
import { QualityDetails } from "./quality-details";

/** What is needed less often: devices, quality in detail, people, leaving without an end. */
export function MoreDialog({
  session,
  doctor,
  onClose,
  onWithdraw,
}: {
  session: CallSession;
  doctor: boolean;
  onClose: () => void;
  onWithdraw?: () => Promise<void>;
}) {
  const { t } = useI18n();
  const peers = useWatched(session.peers);
  const { cameras } = useWatched(session.media.devices);
  const { screen } = useWatched(session.media.view);
  const share = () => {
    onClose();
    if (screen) session.media.stopScreen();
    else void session.media.startScreen();
  };
  return (
    <Dialog title={t("call.more")} onClose={onClose} closeLabel={t("app.close")}>
      <div className="grid gap-6">
        <section className="grid gap-3">
          <h3 className="font-semibold">{t("call.devices")}</h3>
          <DevicePicker kind="microphone" media={session.media} />
          <DevicePicker kind="camera" media={session.media} />
          <div className="flex flex-wrap gap-2">
            {cameras.length > 1 && (
              <Button look="secondary" icon="flip" onClick={() => void session.media.flipCamera()}>
                {t("call.flip")}
              </Button>
            )}
            {canShareScreen() && (
              <Button look="secondary" icon="screen" onClick={share} className="sm:hidden">
                {t(screen ? "call.share.stop" : "call.share")}
              </Button>
            )}
            {document.fullscreenEnabled && (
              <Button look="secondary" icon="expand" onClick={toggleFullscreen}>
                {t("call.fullscreen")}
              </Button>
            )}
          </div>
        </section>
        <section className="grid gap-3">
          <h3 className="font-semibold">{t("call.quality")}</h3>
          {peers.length === 0 && <p className="text-muted">{t("call.alone")}</p>}
          {peers.map((peer) => (
            <QualityDetails key={peer.id} peer={peer} />
          ))}
        </section>
        {doctor && <People session={session} peers={peers} />}
        {onWithdraw && (
          <section className="grid justify-items-start gap-1">
            <h3 className="font-semibold">{t("consent.title")}</h3>
            <Withdraw inCall onWithdraw={onWithdraw} />
          </section>
        )}
        <p className="text-sm text-muted max-sm:hidden">{t("call.keys")}</p>
      </div>
    </Dialog>
  );
}

function toggleFullscreen(): void {
  const change = document.fullscreenElement
    ? document.exitFullscreen()
    : document.documentElement.requestFullscreen();
  // A browser that will not simply stays as it is.
  change.catch(() => undefined);
}

function People({ session, peers }: { session: CallSession; peers: readonly PeerView[] }) {
  const { t } = useI18n();
  return (
    <section className="grid gap-3">
      <h3 className="font-semibold">{t("call.people")}</h3>
      {peers.map((peer) => (
        <div key={peer.id} className="flex flex-wrap items-center justify-between gap-2">
          <span>
            {peer.name} · {t(`role.${peer.role}`)}
          </span>
          <span className="flex flex-wrap gap-2">
            <Button look="quiet" size="small" onClick={() => void session.hold(peer.id)}>
              {t("queue.hold")}
            </Button>
            <Button look="quiet" size="small" onClick={() => void session.remove(peer.id)}>
              {t("call.remove")}
            </Button>
          </span>
        </div>
      ))}
      <Button look="secondary" icon="leave" onClick={() => void session.leave()}>
        {t("call.leave.doctor")}
      </Button>
    </section>
  );
}
