/** Tells the server how the call is, for the record. */

import type { Measured } from "../rtc/monitor";
import type { SignalingPort } from "../signaling/port";
import type { CallReport } from "../signaling/protocol";

/** The server takes at most one in ten seconds. */
const PERIOD_MS = 15_000;

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
  const timer = setInterval(() => {
    const report = reportOf(connections());
    if (report) void port.send("call_report", report);
  }, PERIOD_MS);
  return () => clearInterval(timer);
}
