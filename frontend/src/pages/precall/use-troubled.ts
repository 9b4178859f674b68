import { useEffect, useState } from "react";
import { verdictOf } from "../../call/paths";
import { serverNow } from "../../clock";
import { useWatched } from "../../components/use-watched";
import type { InviteeFlow, InviteeStep } from "./flow";
import { lastPaths } from "./use-paths";

const CALM = new Set(["testing", "direct", "relay_udp", "unknown"]);
const SKEW_MS = 5 * 60_000;
/** Who has come in has time for what helps later. */
const SETTLED_MS = 1_500;

/** True from the first sign that something may be in this person's way; what it is, the page that then comes finds out. */
export function useTroubled(flow: InviteeFlow, step: InviteeStep): boolean {
  const { camera, microphone, silent } = useWatched(flow.media.view);
  const network = verdictOf(useWatched(lastPaths));
  const [troubled, setTroubled] = useState(false);
  const signs =
    step.is === "refused" ||
    ("trouble" in step && step.trouble !== null) ||
    camera.is === "failed" ||
    microphone.is === "failed" ||
    silent ||
    !CALM.has(network) ||
    Math.abs(serverNow().getTime() - Date.now()) > SKEW_MS;
  const inside = step.is === "call";
  useEffect(() => {
    if (!signs && !inside) return;
    const timer = setTimeout(() => setTroubled(true), signs ? 0 : SETTLED_MS);
    return () => clearTimeout(timer);
  }, [signs, inside]);
  return troubled;
}
