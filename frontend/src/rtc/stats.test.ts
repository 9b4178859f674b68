import { describe, expect, test } from "vitest";
import { figures, missedOut, type Snapshot, snapshot, strain } from "./stats";

type Row = Record<string, unknown>;

const candidates = (local: Row, remote: Row = {}): Row[] => [
  { id: "T", type: "transport", selectedCandidatePairId: "P" },
  {
    id: "P",
    type: "candidate-pair",
    localCandidateId: "L",
    remoteCandidateId: "R",
    currentRoundTripTime: 0.05,
    availableOutgoingBitrate: 900_000,
  },
  { id: "L", type: "local-candidate", candidateType: "host", protocol: "udp", ...local },
  { id: "R", type: "remote-candidate", candidateType: "host", protocol: "udp", ...remote },
];

describe("the path", () => {
  test.each([
    ["direct", {}, {}, { kind: "direct", protocol: "udp" }],
    ["direct over TCP", { protocol: "tcp" }, {}, { kind: "direct", protocol: "tcp" }],
    [
      "our relay over UDP",
      { candidateType: "relay", relayProtocol: "udp" },
      {},
      { kind: "relay", protocol: "udp" },
    ],
    [
      "our relay over TCP",
      { candidateType: "relay", relayProtocol: "tcp" },
      {},
      { kind: "relay", protocol: "tcp" },
    ],
    [
      "our relay over TLS",
      { candidateType: "relay", relayProtocol: "tls" },
      {},
      { kind: "relay", protocol: "tls" },
    ],
    ["our relay, way unsaid", { candidateType: "relay" }, {}, { kind: "relay", protocol: "udp" }],
    ["their relay", {}, { candidateType: "relay" }, { kind: "relay", protocol: "udp" }],
  ])("%s", (_, local, remote, path) => {
    expect(snapshot(candidates(local, remote), 0).path).toEqual(path);
  });

  test("the pair marks itself where there is no transport row", () => {
    const rows = candidates({}).filter(({ type }) => type !== "transport");
    expect(snapshot(rows, 0).path).toBeNull();
    for (const word of ["selected", "nominated"]) {
      const marked = rows.map((row) => (row.type === "candidate-pair" ? { ...row, [word]: true } : row));
      expect(snapshot(marked, 0).path).toEqual({ kind: "direct", protocol: "udp" });
    }
  });

  test("a pair that was nominated once and is dead is not the way", () => {
    const dead = { type: "candidate-pair", localCandidateId: "L", remoteCandidateId: "R", nominated: true };
    const relay = { id: "X", type: "local-candidate", candidateType: "relay", relayProtocol: "tls" };
    const rows = candidates({}).filter(({ type }) => type !== "transport" && type !== "candidate-pair");
    const before = [...rows, relay, { ...dead, id: "P", state: "failed" }];
    const living = { ...dead, id: "Q", localCandidateId: "X", state: "succeeded" };
    expect(snapshot([...before, living], 0).path).toEqual({ kind: "relay", protocol: "tls" });
    const other = { ...living, id: "S", localCandidateId: "L" };
    expect(snapshot([...before, other, { ...living, selected: true }], 0).path?.kind).toBe("relay");
  });

  test("an empty report knows nothing", () => {
    const { at, ...rest } = snapshot([], 7);
    expect(at).toBe(7);
    expect(Object.values(rest).every((value) => value === null)).toBe(true);
  });
});

const MEDIA: Row[] = [
  {
    id: "A",
    type: "inbound-rtp",
    kind: "audio",
    bytesReceived: 1_000,
    packetsReceived: 95,
    packetsLost: 5,
    jitter: 0.01,
    totalSamplesReceived: 1_000,
    concealedSamples: 60,
    silentConcealedSamples: 50,
    audioLevel: 0.3,
  },
  {
    id: "V",
    type: "inbound-rtp",
    kind: "video",
    bytesReceived: 9_000,
    packetsReceived: 100,
    packetsLost: 0,
    jitter: 0.02,
    freezeCount: 1,
    totalFreezesDuration: 0.5,
    framesDecoded: 60,
    frameWidth: 1280,
    frameHeight: 720,
  },
  { id: "O", type: "outbound-rtp", kind: "video", bytesSent: 5_000, qualityLimitationReason: "cpu" },
  { id: "X", type: "remote-inbound-rtp", kind: "video", fractionLost: 0.25, roundTripTime: 0.2 },
];

test("media rows are added up", () => {
  const seen = snapshot([...candidates({}), ...MEDIA], 0);
  expect(seen).toMatchObject({
    rtt: 0.05,
    availableOut: 900_000,
    bytesIn: 10_000,
    bytesOut: 5_000,
    packetsIn: 195,
    lostIn: 5,
    jitter: 0.01,
    concealed: 10,
    width: 1280,
    lossOut: 0.25,
    limitation: "cpu",
    audioLevel: 0.3,
  });
});

test("without a pair, their report tells the round trip; without sound, the picture tells the jitter", () => {
  const rows = MEDIA.filter(({ id }) => id !== "A").map((row) =>
    row.id === "O" ? { ...row, qualityLimitationReason: "unheard of" } : row,
  );
  expect(snapshot(rows, 0)).toMatchObject({ rtt: 0.2, jitter: 0.02, limitation: null, concealed: null });
});

test("silent concealment may be unsaid", () => {
  const [audio = {}] = MEDIA;
  const { silentConcealedSamples: _, ...rest } = audio;
  expect(snapshot([rest], 0).concealed).toBe(60);
});

const EMPTY = snapshot([], 0);
const at = (ms: number, change: Partial<Snapshot>): Snapshot => ({ ...EMPTY, at: ms, ...change });

describe("figures between two moments", () => {
  test("rates, shares and units", () => {
    const before = at(0, {
      bytesIn: 0,
      bytesOut: 1_000,
      packetsIn: 0,
      lostIn: 0,
      samples: 0,
      concealed: 0,
      frames: 0,
      freezes: 0,
      freezeSeconds: 0,
    });
    const after = at(2_000, {
      rtt: 0.0504,
      jitter: 0.0123,
      bytesIn: 50_000,
      bytesOut: 26_000,
      packetsIn: 90,
      lostIn: 10,
      lossOut: 0.05,
      samples: 1_000,
      concealed: 20,
      frames: 50,
      freezes: 2,
      freezeSeconds: 0.4,
      width: 640,
      height: 360,
      limitation: "none",
    });
    expect(figures(before, after, 3)).toEqual({
      rtt_ms: 50,
      jitter_ms: 12.3,
      loss_in: 0.1,
      loss_out: 0.05,
      concealed: 0.02,
      freezes: 2,
      freeze_ms: 400,
      fps: 25,
      width: 640,
      height: 360,
      bitrate_in: 200_000,
      bitrate_out: 100_000,
      limitation: "none",
      restarts: 3,
    });
  });

  test("a counter that began again counts from there", () => {
    const q = figures(at(0, { bytesIn: 90_000 }), at(1_000, { bytesIn: 1_000 }), 0);
    expect(q.bitrate_in).toBe(8_000);
  });

  test("what is not known stays unknown", () => {
    const q = figures(at(0, {}), at(0, { packetsIn: 10 }), 0);
    expect(q).toMatchObject({ loss_in: null, loss_out: null, concealed: null, fps: null, bitrate_in: null });
  });

  test("no packets are no share, and duplicates make no negative loss", () => {
    expect(
      figures(at(0, { packetsIn: 5, lostIn: 0 }), at(1_000, { packetsIn: 5, lostIn: 0 }), 0).loss_in,
    ).toBeNull();
    expect(
      figures(at(0, { packetsIn: 0, lostIn: 2 }), at(1_000, { packetsIn: 9, lostIn: -1 }), 0).loss_in,
    ).toBe(0);
  });
});

describe("strain", () => {
  const sending = (sound: Row, picture: Row, heard: Row = {}) =>
    snapshot(
      [
        { id: "A", type: "outbound-rtp", kind: "audio", ...sound },
        { id: "V", type: "outbound-rtp", kind: "video", ...picture },
        { id: "I", type: "inbound-rtp", kind: "audio", ...heard },
      ],
      0,
    );

  test("is what was sent again, and what was heard of it", () => {
    const before = sending(
      { bytesSent: 1_000, retransmittedBytesSent: 0 },
      { bytesSent: 9_000, retransmittedBytesSent: 1_000 },
      { totalSamplesReceived: 48_000, concealedSamples: 0 },
    );
    const after = sending(
      { bytesSent: 2_000, retransmittedBytesSent: 500 },
      { bytesSent: 17_000, retransmittedBytesSent: 4_000 },
      { totalSamplesReceived: 96_000, concealedSamples: 12_000, jitter: 0.07 },
    );
    expect(strain(before, after)).toEqual({
      again: 3_500,
      share: 3_500 / 9_000,
      concealed: 0.25,
      jitter: 70,
    });
  });

  test("is none where a browser does not tell", () => {
    expect(strain(sending({}, {}), sending({}, {}))).toEqual({ again: 0, share: 0, concealed: 0, jitter: 0 });
  });

  test("sound that had to be asked for was missed", () => {
    const before = sending({ packetsSent: 100, nackCount: 1 }, { packetsSent: 500, nackCount: 90 });
    const after = sending({ packetsSent: 200, nackCount: 5 }, { packetsSent: 900, nackCount: 190 });
    expect(missedOut(before, after)).toBe(0.04);
    expect(missedOut(sending({}, {}), sending({}, {}))).toBeNull();
  });
});

describe("what the other side reports", () => {
  const report = (kind: string, fractionLost: number, timestamp: number): Row => ({
    id: kind,
    type: "remote-inbound-rtp",
    kind,
    fractionLost,
    timestamp,
  });
  const now: Row = { id: "T", type: "transport", timestamp: 60_000 };

  test("is no news eight seconds later: on a picture that was put away they say nothing more", () => {
    expect(snapshot([now, report("audio", 0.01, 59_000), report("video", 0.8, 51_999)], 0).lossOut).toBe(
      0.01,
    );
    expect(snapshot([now, report("audio", 0.01, 59_000), report("video", 0.8, 52_000)], 0).lossOut).toBe(0.8);
    expect(snapshot([now, report("video", 0.8, 1_000)], 0).lossOut).toBeNull();
  });
});
