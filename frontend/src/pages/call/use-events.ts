import { useEffect, useRef, useState } from "react";
import type { CallSession } from "../../call";
import { sounds } from "../../components/sounds";
import { useWatched } from "../../components/use-watched";
import { useI18n } from "../../i18n";

const SHOWN_MS = 5000;

function usePrevious<T>(value: T): T | undefined {
  const previous = useRef<T | undefined>(undefined);
  useEffect(() => {
    previous.current = value;
  }, [value]);
  return previous.current;
}

/** What just happened, in one sentence for a few seconds, and the sound that belongs to it. */
export function useEvents(session: CallSession, chatOpen: boolean): string {
  const { t } = useI18n();
  const peers = useWatched(session.peers);
  const waiting = useWatched(session.waiting);
  const chat = useWatched(session.chat);
  const { microphone, camera } = useWatched(session.media.view);
  const [said, setSaid] = useState("");
  /** The camera was switched off by hand: its coming on is then news, at the start it is not. */
  const switchedOff = useRef(false);
  const lastMicrophone = useRef<string | null>(null);
  const microphoneId = microphone.is === "on" || microphone.is === "muted" ? microphone.deviceId : null;
  const before = usePrevious({
    peers,
    waiting,
    chat,
    mic: microphone.is,
    camera: camera.is,
    lost: isLost(peers),
  });

  useEffect(() => {
    if (!said) return;
    const timer = setTimeout(() => setSaid(""), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [said]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: compares each value with the one before
  useEffect(() => {
    if (!before) return;
    const known = new Set(before.peers.map((peer) => peer.id));
    const here = new Set(peers.map((peer) => peer.id));
    const came = peers.find((peer) => !known.has(peer.id));
    const went = before.peers.find((peer) => !here.has(peer.id));
    if (came) setSaid(t("call.state.peer_joined", { name: came.name }));
    if (went) setSaid(t("call.state.peer_left", { name: went.name }));
    if (!before.lost && isLost(peers)) sounds.lost();
    if (before.lost && !isLost(peers) && !went) {
      sounds.back();
      setSaid(t("call.state.back"));
    }
    const queued = new Set(before.waiting.map((person) => person.id));
    const knocks = waiting.find((person) => !queued.has(person.id));
    if (knocks) {
      sounds.arrival();
      setSaid(t("call.knocking", { name: knocks.name }));
    }
    if (microphoneId !== null) {
      const another = lastMicrophone.current !== null && lastMicrophone.current !== microphoneId;
      lastMicrophone.current = microphoneId;
      if (another && microphone.is === "on" && microphone.label)
        setSaid(t("call.mic.changed", { name: microphone.label }));
    }
    if (microphone.is === "on" && before.mic === "muted") setSaid(t("call.state.mic_on"));
    if (before.mic === "on" && microphone.is !== "on") setSaid(t("call.state.mic_off"));
    if (camera.is === "on" && switchedOff.current) setSaid(t("call.state.camera_on"));
    if (camera.is === "off" && before.camera === "on") setSaid(t("call.state.camera_off"));
    if (camera.is === "on" || camera.is === "off")
      switchedOff.current = camera.is === "off" && before.camera === "on";
    const newest = chat.lines.at(-1);
    if (chat.unread > before.chat.unread && newest && !newest.mine && !chatOpen) {
      sounds.message();
      setSaid(t("call.chat.new", { name: newest.name, text: newest.text }));
    }
  }, [peers, waiting, chat, microphone.is, microphoneId, camera.is]);
  return said;
}

const isLost = (peers: readonly { link: string }[]) => peers.some((peer) => peer.link === "reconnecting");
