/** From `getStats` to figures. Pure: two snapshots in, what happened between them out. */

import type { MediaPath, QualityFigures } from "./types";

/** The counters of one moment, as far as a browser tells them. Times are seconds unless said otherwise. */
export interface Snapshot {
  /** Milliseconds. */
  readonly at: number;
  readonly path: MediaPath | null;
  /** Names the selected pair. */
  readonly pair: string | null;
  /** Our relay's address as it was configured, null where we use none. */
  readonly relay: string | null;
  readonly rtt: number | null;
  readonly availableOut: number | null;
  /** Connectivity checks of the selected pair, both kinds: they go on while nobody sends media. */
  readonly checks: number | null;
  readonly bytesIn: number | null;
  readonly bytesOut: number | null;
  /** Of `bytesOut`, what was sent before. */
  readonly againOut: number | null;
  /** Packets of our sound, and how many of them were asked for again: what then came in time is not in `lossOut`. */
  readonly soundOut: number | null;
  readonly soundAsked: number | null;
  /** Packets of their sound that came, and that did not. */
  readonly soundIn: number | null;
  readonly soundLost: number | null;
  readonly packetsIn: number | null;
  readonly lostIn: number | null;
  readonly jitter: number | null;
  readonly samples: number | null;
  readonly concealed: number | null;
  readonly freezes: number | null;
  readonly freezeSeconds: number | null;
  readonly frames: number | null;
  readonly width: number | null;
  readonly height: number | null;
  readonly audioLevel: number | null;
  /** Share of our packets that the other side missed lately, by its own report. */
  readonly lossOut: number | null;
  readonly limitation: QualityFigures["limitation"];
}

type Row = Readonly<Record<string, unknown>>;

function number(row: Row | undefined, key: string): number | null {
  const value = row?.[key];
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

function sum(rows: readonly Row[], key: string): number | null {
  const values = rows.map((row) => number(row, key)).filter((value) => value !== null);
  return values.length ? values.reduce((total, value) => total + value, 0) : null;
}

function most(rows: readonly Row[], key: string): number | null {
  const values = rows.map((row) => number(row, key)).filter((value) => value !== null);
  return values.length ? Math.max(...values) : null;
}

function relayProtocol(local: Row): MediaPath["protocol"] {
  const spoken = local.relayProtocol ?? local.protocol;
  return spoken === "tls" || spoken === "tcp" ? spoken : "udp";
}

function pathOf(pair: Row | undefined, byId: ReadonlyMap<string, Row>): MediaPath | null {
  const local = byId.get(String(pair?.localCandidateId));
  const remote = byId.get(String(pair?.remoteCandidateId));
  if (!local || !remote) return null;
  const kind = local.candidateType === "relay" || remote.candidateType === "relay" ? "relay" : "direct";
  const protocol =
    local.candidateType === "relay" ? relayProtocol(local) : local.protocol === "tcp" ? "tcp" : "udp";
  return { kind, protocol };
}

function relayOf(pair: Row | undefined, byId: ReadonlyMap<string, Row>): string | null {
  const local = byId.get(String(pair?.localCandidateId));
  return local?.candidateType === "relay" && typeof local.url === "string" ? local.url : null;
}

function selectedPair(rows: readonly Row[], byId: ReadonlyMap<string, Row>): Row | undefined {
  const transport = rows.find((row) => row.type === "transport" && row.selectedCandidatePairId);
  const named = transport && byId.get(String(transport.selectedCandidatePairId));
  // Firefox has no transport row before 2025's versions, and marks the pair itself: nominated are dead ones too.
  const pairs = rows.filter((row) => row.type === "candidate-pair");
  return (
    named ??
    pairs.find((row) => row.selected === true) ??
    pairs.find((row) => row.nominated === true && row.state !== "failed")
  );
}

/** Their last word on a picture that is no longer sent stands in every report: what is older than this is no news, ms. */
const REPORT_MS = 8_000;

/** What the other side reported lately about what it gets. */
function reports(rows: readonly Row[]): readonly Row[] {
  const now = most(rows, "timestamp") ?? 0;
  return rows.filter(
    (row) => row.type === "remote-inbound-rtp" && now - (number(row, "timestamp") ?? now) <= REPORT_MS,
  );
}

const LIMITATIONS = ["none", "cpu", "bandwidth", "other"] as const;

/** Reads one report; `rows` are the values of an `RTCStatsReport`. */
export function snapshot(rows: readonly Row[], at: number): Snapshot {
  const byId = new Map(rows.map((row) => [String(row.id), row]));
  const pair = selectedPair(rows, byId);
  const inbound = rows.filter((row) => row.type === "inbound-rtp");
  const audioIn = inbound.filter((row) => row.kind === "audio");
  const videoIn = inbound.filter((row) => row.kind === "video");
  const outbound = rows.filter((row) => row.type === "outbound-rtp");
  const audioOut = outbound.filter((row) => row.kind === "audio");
  const remoteIn = reports(rows);
  const limited = outbound.find(
    (row) => row.kind === "video" && row.active !== false,
  )?.qualityLimitationReason;
  return {
    at,
    path: pathOf(pair, byId),
    pair: typeof pair?.id === "string" ? pair.id : null,
    relay: relayOf(pair, byId),
    rtt: number(pair, "currentRoundTripTime") ?? most(remoteIn, "roundTripTime"),
    availableOut: number(pair, "availableOutgoingBitrate"),
    checks: pair ? (number(pair, "responsesReceived") ?? 0) + (number(pair, "requestsReceived") ?? 0) : null,
    bytesIn: sum(inbound, "bytesReceived"),
    bytesOut: sum(outbound, "bytesSent"),
    againOut: sum(outbound, "retransmittedBytesSent"),
    soundOut: sum(audioOut, "packetsSent"),
    soundAsked: sum(audioOut, "nackCount"),
    soundIn: sum(audioIn, "packetsReceived"),
    soundLost: sum(audioIn, "packetsLost"),
    packetsIn: sum(inbound, "packetsReceived"),
    lostIn: sum(inbound, "packetsLost"),
    jitter: most(audioIn, "jitter") ?? most(videoIn, "jitter"),
    samples: sum(audioIn, "totalSamplesReceived"),
    concealed: concealedSamples(audioIn),
    freezes: sum(videoIn, "freezeCount"),
    freezeSeconds: sum(videoIn, "totalFreezesDuration"),
    frames: sum(videoIn, "framesDecoded"),
    width: most(videoIn, "frameWidth"),
    height: most(videoIn, "frameHeight"),
    audioLevel: most(audioIn, "audioLevel"),
    lossOut: most(remoteIn, "fractionLost"),
    limitation: LIMITATIONS.find((word) => word === limited) ?? null,
  };
}

/** Samples made up by the decoder while there should have been sound; made-up silence does not count. */
function concealedSamples(audioIn: readonly Row[]): number | null {
  const all = sum(audioIn, "concealedSamples");
  return all === null ? null : all - (sum(audioIn, "silentConcealedSamples") ?? 0);
}

/** The growth of a counter. Counters start from 0 again after a rollback: then all of the new one is growth. */
function grown(before: number | null, after: number | null): number | null {
  if (after === null) return null;
  const from = before ?? 0;
  return after >= from ? after - from : Math.max(0, after);
}

function share(part: number | null, whole: number | null): number | null {
  if (part === null || whole === null || whole <= 0) return null;
  return Math.min(1, Math.max(0, part / whole));
}

function per(amount: number | null, seconds: number): number | null {
  return amount === null ? null : amount / seconds;
}

function times(value: number | null, factor: number): number | null {
  return value === null ? null : value * factor;
}

function rounded(value: number | null, digits = 0): number | null {
  return value === null ? null : Math.max(0, Number(value.toFixed(digits)));
}

function secondsBetween(before: Snapshot, after: Snapshot): number {
  return Math.max(0.001, (after.at - before.at) / 1_000);
}

/** What was sent between two snapshots, bit/s. */
export function bitrateOut(before: Snapshot, after: Snapshot): number | null {
  return rounded(times(per(grown(before.bytesOut, after.bytesOut), secondsBetween(before, after)), 8));
}

/** Share of our sound between two snapshots that did not arrive at once. */
export function missedOut(before: Snapshot, after: Snapshot): number | null {
  return share(grown(before.soundAsked, after.soundAsked), grown(before.soundOut, after.soundOut));
}

function concealedShare(before: Snapshot, after: Snapshot): number | null {
  return share(grown(before.concealed, after.concealed), grown(before.samples, after.samples));
}

/** What was sent again between two snapshots, bytes, its share of all that was sent, the share of sound made up, and its jitter, ms. */
export function strain(
  before: Snapshot,
  after: Snapshot,
): { readonly again: number; readonly share: number; readonly concealed: number; readonly jitter: number } {
  const again = grown(before.againOut, after.againOut) ?? 0;
  return {
    again,
    share: share(again, grown(before.bytesOut, after.bytesOut)) ?? 0,
    concealed: concealedShare(before, after) ?? 0,
    jitter: times(after.jitter, 1_000) ?? 0,
  };
}

/** What happened between two snapshots; `restarts` is the number of ICE restarts in that time. */
export function figures(before: Snapshot, after: Snapshot, restarts: number): QualityFigures {
  const seconds = secondsBetween(before, after);
  const packets = grown(before.packetsIn, after.packetsIn);
  const lost = grown(before.lostIn, after.lostIn);
  return {
    rtt_ms: rounded(times(after.rtt, 1_000)),
    jitter_ms: rounded(times(after.jitter, 1_000), 1),
    loss_in: rounded(share(lost, packets === null || lost === null ? null : packets + lost), 4),
    loss_out: rounded(share(after.lossOut, 1), 4),
    concealed: rounded(concealedShare(before, after), 4),
    freezes: rounded(grown(before.freezes, after.freezes)),
    freeze_ms: rounded(times(grown(before.freezeSeconds, after.freezeSeconds), 1_000)),
    fps: rounded(per(grown(before.frames, after.frames), seconds), 1),
    width: after.width,
    height: after.height,
    bitrate_in: rounded(times(per(grown(before.bytesIn, after.bytesIn), seconds), 8)),
    bitrate_out: bitrateOut(before, after),
    limitation: after.limitation,
    restarts,
  };
}
