/** Tells the server how the call is, for the record. */

import type { Measured } from "../rtc/monitor";
import type { SignalingPort } from "../signaling/port";
import type { CallReport } from "../signaling/protocol";

/** The server takes at most one in ten seconds. */
const PERIOD_MS = 15_000;
/** Until there is something to tell: a consultation of a few seconds has a path and a quality in the record too. */
const FIRST_MS = 3_000;

export interface Reported {
  readonly connection: RTCPeerConnectionState;
  readonly measured: Measured | null;
}

const SEVERITY: Record<RTCPeerConnectionState, number> = {
  closed: 0,
  connected: 1,
  new: 2,
  connecting: 3,
  disconnected: 4,
  failed: 5,
};

function badness({ connection, measured }: Reported): number {
  const q = measured?.figures;
  return SEVERITY[connection] * 10 + (q?.loss_in ?? 0) + (q?.loss_out ?? 0) + (q?.concealed ?? 0);
}

/** With several connections the worst one speaks; null when there is nothing to say. */
export function reportOf(connections: readonly Reported[]): CallReport | null {
  const measured = connections.filter((one) => one.measured !== null);
  const [worst] = [...measured].sort((a, b) => badness(b) - badness(a));
  if (!worst?.measured) return null;
  return { connection: worst.connection, path: worst.measured.path, quality: worst.measured.figures };
}

/** Reports from now on. Returns how to stop that. */
export function reporting(port: SignalingPort, connections: () => readonly Reported[]): () => void {
  let timer: ReturnType<typeof setTimeout>;
  const tell = () => {
    const report = reportOf(connections());
    if (report) void port.send("call_report", report);
    timer = setTimeout(tell, report ? PERIOD_MS : FIRST_MS);
  };
  timer = setTimeout(tell, FIRST_MS);
  return () => clearTimeout(timer);
}
