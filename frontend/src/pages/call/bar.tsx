import type { CallSession } from "../../call";
import { Icon, type IconName } from "../../components/icon";
import { useWatched } from "../../components/use-watched";
import { useI18n } from "../../i18n";

const LOOK = {
  plain: "bg-stage-raised text-stage-text hover:bg-[#2b3936]",
  off: "bg-stage-text text-stage hover:bg-white",
  active: "bg-[#9be7dd] text-stage hover:bg-[#b6efe7]",
  end: "bg-end text-white hover:bg-end-strong",
} as const;

function BarButton({
  icon,
  text,
  label,
  look = "plain",
  unread = 0,
  describedBy,
  onClick,
  expanded,
  className = "",
}: {
  icon: IconName;
  /** Stands under the icon and is part of `label`. */
  text: string;
  label: string;
  look?: keyof typeof LOOK;
  unread?: number;
  describedBy?: string;
  expanded?: boolean;
  onClick: () => void;
  className?: string;
}) {
  return (
    <button
      type="button"
      aria-label={label}
      aria-describedby={describedBy}
      aria-expanded={expanded}
      onClick={onClick}
      className={`relative grid h-14 min-w-12 flex-1 place-items-center content-center gap-0.5 rounded-card px-0.5 text-[11px] font-medium sm:text-xs transition-colors sm:max-w-24 sm:min-w-20 ${LOOK[look]} ${className}`}
    >
      <Icon name={icon} size={22} />
      <span className="max-w-full truncate">{text}</span>
      {unread > 0 && (
        <span
          aria-hidden="true"
          className="absolute -top-1 right-1 grid min-w-5 place-items-center rounded-full bg-end px-1 text-xs font-bold text-white"
        >
          {unread}
        </span>
      )}
    </button>
  );
}

export interface BarProps {
  session: CallSession;
  doctor: boolean;
  chatOpen: boolean;
  onChat: () => void;
  notesOpen: boolean;
  /** The doctor's own; null for everybody who writes none. */
  onNotes: (() => void) | null;
  onMore: () => void;
  onEnd: () => void;
}

export const canShareScreen = () => typeof navigator.mediaDevices?.getDisplayMedia === "function";

export const micOn = (session: CallSession) => session.media.view.get().microphone.is === "on";
export const cameraOn = (session: CallSession) => {
  const { camera } = session.media.view.get();
  return camera.is === "on" || camera.is === "starting";
};

/** Every control of the call, at thumb height; the end stands apart. */
export function Bar({ session, doctor, chatOpen, onChat, notesOpen, onNotes, onMore, onEnd }: BarProps) {
  const { t, plural } = useI18n();
  const { microphone, camera, screen } = useWatched(session.media.view);
  const { unread } = useWatched(session.chat);
  const mic = microphone.is === "on";
  const cam = camera.is === "on" || camera.is === "starting";
  return (
    <nav
      aria-label={t("call.controls")}
      className="flex items-stretch justify-center gap-1 bg-stage px-1.5 pt-2 pb-[max(8px,env(safe-area-inset-bottom))] sm:gap-2"
    >
      <BarButton
        icon={mic ? "mic" : "mic_off"}
        text={t("call.bar.mic")}
        label={t(mic ? "call.mic.off" : "call.mic.on")}
        look={mic ? "plain" : "off"}
        onClick={() => void session.media.setMicrophone(!mic)}
      />
      <BarButton
        icon={cam ? "camera" : "camera_off"}
        text={t("call.bar.camera")}
        label={t(cam ? "call.camera.off" : "call.camera.on")}
        look={cam ? "plain" : "off"}
        onClick={() => void session.media.setCamera(!cam)}
      />
      {canShareScreen() && (
        <BarButton
          icon="screen"
          text={t("call.bar.share")}
          label={t(screen ? "call.share.stop" : "call.share")}
          look={screen ? "active" : "plain"}
          onClick={() => (screen ? session.media.stopScreen() : void session.media.startScreen())}
          className="max-sm:hidden"
        />
      )}
      <BarButton
        icon="chat"
        text={t("call.chat")}
        label={t("call.chat")}
        look={chatOpen ? "active" : "plain"}
        unread={chatOpen ? 0 : unread}
        expanded={chatOpen}
        describedBy="chat-unread"
        onClick={onChat}
      />
      <span id="chat-unread" className="sr-only">
        {unread > 0 && !chatOpen ? plural("call.chat.unread", unread) : ""}
      </span>
      {onNotes && (
        <BarButton
          icon="note"
          text={t("notes.short")}
          label={t("notes.short")}
          look={notesOpen ? "active" : "plain"}
          expanded={notesOpen}
          onClick={onNotes}
        />
      )}
      <BarButton icon="more" text={t("call.more.short")} label={t("call.more")} onClick={onMore} />
      <span aria-hidden="true" className="hidden w-6 sm:block" />
      {doctor ? (
        <BarButton icon="end" text={t("call.end.short")} label={t("call.end")} look="end" onClick={onEnd} />
      ) : (
        <BarButton icon="leave" text={t("call.leave")} label={t("call.leave")} look="end" onClick={onEnd} />
      )}
    </nav>
  );
}
