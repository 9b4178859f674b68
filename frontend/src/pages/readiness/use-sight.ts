/** What the patient's page sees of what could be in the way. */
import { useEffect, useState } from "react";
import { invitee } from "../../api/invitee";
import type { CallPhase, CallSession, PeerView } from "../../call";
import { verdictOf } from "../../call/paths";
import { serverNow } from "../../clock";
import { useWatched, Value } from "../../components/use-watched";
import type { InviteeFlow, InviteeStep } from "../precall/flow";
import { lastPaths, usePaths } from "../precall/use-paths";
import type { Sight } from "./causes";

const FROZEN_MS = 4_000;
const STUCK_MS = 8_000;
const SILENT_LINE_MS = 600;

const NOBODY = new Value<readonly PeerView[]>([]);
const ONLINE = new Value<ReturnType<CallSession["server"]["get"]>>("online");
const NO_PHASE = new Value<CallPhase | null>(null);

/** True once `condition` has held for so long. */
export function useHeld(condition: boolean, ms: number): boolean {
  const [held, setHeld] = useState(false);
  useEffect(() => {
    setHeld(false);
    if (!condition) return;
    const timer = setTimeout(() => setHeld(true), ms);
    return () => clearTimeout(timer);
  }, [condition, ms]);
  return held && condition;
}

/** Pictures were promised, the way is open, and none arrives. */
export function isFrozen(peers: readonly PeerView[]): boolean {
  return peers.some(
    ({ link, media, videoPaused, quality }) =>
      link === "connected" && media.video && !videoPaused && quality !== null && !quality.figures.fps,
  );
}

/** Why the line does not come about: asked of the same server by a plain request. */
function useLine(wanted: boolean): Sight["line"] {
  const [line, setLine] = useState<Sight["line"]>("ok");
  useEffect(() => {
    if (!wanted) return setLine("ok");
    let timer: ReturnType<typeof setTimeout>;
    let here = true;
    const ask = async () => {
      const found = await invitee.config(AbortSignal.timeout(4_000)).then(
        () => "no_websocket" as const,
        () => "silent" as const,
      );
      if (!here) return;
      setLine(found);
      timer = setTimeout(() => void ask(), 3_000);
    };
    // A socket may simply take a moment.
    timer = setTimeout(() => void ask(), SILENT_LINE_MS);
    return () => {
      here = false;
      clearTimeout(timer);
    };
  }, [wanted]);
  return line;
}

const refusalOf = (step: InviteeStep, phase: CallPhase | null): string | null => {
  if (step.is === "refused") return step.code;
  if (phase?.is === "refused") return phase.refusal.code;
  return "trouble" in step ? step.trouble : null;
};

export function useSight(flow: InviteeFlow, step: InviteeStep): Sight {
  const session = step.is === "call" ? step.session : null;
  const phase = useWatched<CallPhase | null>(session?.phase ?? NO_PHASE);
  const peers = useWatched(session?.peers ?? NOBODY);
  const { microphone, camera, silent } = useWatched(flow.media.view);
  const frozen = useHeld(isFrozen(peers), FROZEN_MS);
  const talking = phase?.is === "talking" && peers.length > 0;
  const connected = peers.some(({ link }) => link === "connected");
  const stuck = useHeld(talking && !connected, STUCK_MS);
  const lost = useWatched(session?.server ?? ONLINE) !== "online";
  // In a call that goes on the line to the server may be away for a moment: nothing is in anybody's way.
  const line = useLine(
    (phase?.is === "connecting" && phase.trouble === "no_network") || (phase?.is === "waiting" && lost),
  );
  usePaths(stuck && step.is === "call" ? (step.seat?.ice_urls ?? []) : []);
  return {
    refusal: refusalOf(step, phase),
    takenOver: phase?.is === "taken_over",
    line,
    microphone: microphone.is === "failed" ? microphone.cause : null,
    camera: camera.is === "failed" ? camera.cause : null,
    silent,
    network: verdictOf(useWatched(lastPaths)),
    media: connected ? "up" : stuck ? "stuck" : "none",
    frozen,
    clockOffsetMs: serverNow().getTime() - Date.now(),
  };
}
