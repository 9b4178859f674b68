import type { CallSession, PeerView } from "../../call";
import { useWatched } from "../../components/use-watched";
import { type I18n, useI18n } from "../../i18n";
import { clock } from "../../i18n/format";
import { stateKey } from "./state-words";
import { useDuration } from "./use-duration";
import { useEvents } from "./use-events";

const CALM = new Set(["call.state.talking", "call.state.alone"]);

/** Which side is weak and what to do about it; among several people also of whom that is said. */
export function weakWords(peers: readonly PeerView[], t: I18n["t"]): string | null {
  const weak = peers.find(({ quality }) => quality?.grade === "poor" && quality.hint);
  if (!weak?.quality?.hint) return null;
  const words = t(`call.hint.${weak.quality.hint}`);
  return peers.length > 1 ? `${weak.name}: ${words}` : words;
}

/** The call's state in words, over the picture and never in its way; the clock beside it stays silent. */
export function StatusLine({ session, chatOpen }: { session: CallSession; chatOpen: boolean }) {
  const { t } = useI18n();
  const phase = useWatched(session.phase);
  const peers = useWatched(session.peers);
  const server = useWatched(session.server);
  const { interrupted, silent, mutedWhileSpeaking, camera, microphone } = useWatched(session.media.view);
  const seconds = useDuration(session);
  const event = useEvents(session, chatOpen);
  const state = stateKey(phase, peers, server);
  const failed = microphone.is === "failed" ? microphone : camera.is === "failed" ? camera : null;
  const heard = silent ? t("call.silent") : mutedWhileSpeaking ? t("call.muted_speaking") : null;
  const hint = interrupted ? t("call.interrupted") : heard;
  const problem = failed ? `${t(`media.${failed.cause}`)} ${t(`media.${failed.cause}.next`)}` : null;
  const weak = weakWords(peers, t);
  return (
    <div className="pointer-events-none absolute inset-x-3 top-3 z-10 flex flex-wrap items-center gap-2 text-sm">
      <p
        role="status"
        className={`rounded-lg px-3 py-1.5 ${CALM.has(state) ? "bg-black/65" : "bg-[#5c3a00] font-medium text-white"}`}
      >
        <span>{t(state)}</span>
        {event && <span className="ml-2 font-medium">· {event}</span>}
      </p>
      {seconds > 0 && (
        <span className="rounded-lg bg-black/65 px-3 py-1.5 tabular-nums">{clock(seconds)}</span>
      )}
      {(problem ?? hint ?? weak) && (
        <p
          role={problem || interrupted ? "alert" : undefined}
          className="rounded-lg bg-[#5c3a00] px-3 py-1.5 text-white"
        >
          {problem ?? hint ?? weak}
        </p>
      )}
    </div>
  );
}
