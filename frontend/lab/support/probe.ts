/** Looks from inside a page at what really arrives, ten times a second, and at every picture that is shown. */

export interface Sample {
  /** Unix time, ms. */
  at: number;
  /** Packets of sound received, over all living connections. */
  packets: number;
  frames: number;
  samples: number;
  concealed: number;
  freezeMs: number;
  freezes: number;
  fps: number;
  width: number;
  /** The way sent by, as `udp relay`, from the selected pair. */
  path: string;
  bytesOut: number;
  available: number;
}

declare global {
  interface Window {
    samples: Sample[];
    /** When a picture of the other side was presented, Unix time in ms. */
    shown: number[];
  }
}

/** Runs in the page after `keepWatch`. */
export function probe(): void {
  const PERIOD_MS = 100;
  window.samples = [];
  window.shown = [];
  /** The pair in use. After a restart several are nominated; where no transport names the one, the browser marks it. */
  const selected = (report: RTCStatsReport) => {
    const rows = [...report.values()];
    const named = rows.find((row) => row.type === "transport" && row.selectedCandidatePairId);
    if (named) return report.get(named.selectedCandidatePairId);
    const pairs = rows.filter((row) => row.type === "candidate-pair" && row.state === "succeeded");
    return pairs.find((row) => row.selected) ?? pairs.find((row) => row.nominated);
  };
  let looking = false;
  const look = async () => {
    if (looking) return;
    looking = true;
    const sum: Sample = {
      at: Date.now(),
      packets: 0,
      frames: 0,
      samples: 0,
      concealed: 0,
      freezeMs: 0,
      freezes: 0,
      fps: 0,
      width: 0,
      path: "",
      bytesOut: 0,
      available: 0,
    };
    for (const peer of window.seen?.peers ?? []) {
      if (peer.connectionState === "closed" || peer.connectionState === "new") continue;
      const report = await peer.getStats();
      for (const row of report.values()) {
        if (row.type === "inbound-rtp" && row.kind === "audio") {
          sum.packets += row.packetsReceived ?? 0;
          sum.samples += row.totalSamplesReceived ?? 0;
          sum.concealed += (row.concealedSamples ?? 0) - (row.silentConcealedSamples ?? 0);
        } else if (row.type === "inbound-rtp") {
          sum.frames += row.framesDecoded ?? 0;
          sum.freezes += row.freezeCount ?? 0;
          sum.freezeMs += (row.totalFreezesDuration ?? 0) * 1_000;
          sum.width = Math.max(sum.width, row.frameWidth ?? 0);
        } else if (row.type === "outbound-rtp") sum.bytesOut += row.bytesSent ?? 0;
      }
      const pair = selected(report);
      if (!pair) continue;
      const ends = [report.get(pair.localCandidateId), report.get(pair.remoteCandidateId)];
      const kind = ends.some((one) => one?.candidateType === "relay") ? "relay" : "direct";
      sum.path = `${ends[0]?.relayProtocol ?? ends[0]?.protocol ?? ""} ${kind}`;
      sum.available = pair.availableOutgoingBitrate ?? 0;
    }
    if (sum.packets || sum.frames) window.samples.push(sum);
    looking = false;
  };
  setInterval(() => void look().catch(() => (looking = false)), PERIOD_MS);

  const watched = new WeakSet<HTMLVideoElement>();
  const attend = () => {
    for (const video of document.querySelectorAll<HTMLVideoElement>(
      'video:not([data-participant="local"])',
    )) {
      if (watched.has(video) || !video.requestVideoFrameCallback) continue;
      watched.add(video);
      const next = () =>
        video.requestVideoFrameCallback(() => {
          window.shown.push(Date.now());
          next();
        });
      next();
    }
  };
  setInterval(attend, PERIOD_MS);
}
