import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type FakeConnection, fakeBrowser } from "./fake-connection";
import { Peer } from "./peer";
import { ranked } from "./sdp";

const line = (priority: number, rest = "192.0.2.1 5000 typ host") => `candidate:1 1 udp ${priority} ${rest}`;
const priority = (candidate: string) => Number(candidate.split(" ")[3]);

/** As browsers rank them: the first network, the second one, and a relay by TLS. */
const HOST = 2_122_252_543;
const SECOND_HOST = 2_122_187_007;
const SRFLX = 1_686_052_863;
const RELAY = 8_265_727;

describe("the rank of their candidates", () => {
  test("the first generation stays as it is", () => {
    expect(ranked(line(HOST), 0)).toBe(line(HOST));
  });

  test.each([1, 2, 62])("generation %i is above the one before, whatever the kind", (generation) => {
    const newest = priority(ranked(line(RELAY), generation));
    expect(newest).toBeGreaterThan(priority(ranked(line(HOST), generation - 1)));
    expect(newest).toBeLessThan(2 ** 31);
  });

  test("within a generation the order stays", () => {
    const ranks = [HOST, SECOND_HOST, SRFLX, RELAY].map((one) => priority(ranked(line(one), 1)));
    expect(ranks).toEqual([...ranks].sort((a, b) => b - a));
    expect(new Set(ranks).size).toBe(ranks.length);
  });

  test("after very many the rank is still one that exists", () => {
    expect(priority(ranked(line(HOST), 1_000))).toBeLessThan(2 ** 31);
  });

  test("every candidate of a description is ranked, and nothing else is touched", () => {
    const before = `v=0\r\na=${line(HOST)}\r\na=ice-ufrag:x\r\na=${line(RELAY)}\r\na=end-of-candidates\r\n`;
    const after = ranked(before, 1).split("\r\n");
    expect(after.filter((one) => !one.includes("candidate:"))).toEqual([
      "v=0",
      "a=ice-ufrag:x",
      "a=end-of-candidates",
      "",
    ]);
    const [host, relay] = after.filter((one) => one.startsWith("a=candidate:")).map(priority);
    expect(host).toBeGreaterThan(relay ?? 0);
    expect(relay).toBeGreaterThan(HOST);
  });
});

describe("a peer", () => {
  let browser: ReturnType<typeof fakeBrowser>;
  beforeEach(() => {
    browser = fakeBrowser();
  });
  afterEach(() => browser.restore());

  test("ranks what comes after a restart above what came before it", async () => {
    const nothing = () => undefined;
    const peer = new Peer({
      session: "s1",
      initiator: false,
      held: false,
      iceServers: [],
      tracks: { audio: null, video: null },
      send: nothing,
      onFrame: nothing,
      onChannelOpen: nothing,
      onConnection: nothing,
      onNegotiated: nothing,
      onRestarted: nothing,
      onTrouble: nothing,
      settlesAlone: () => false,
    });
    const fake = peer.connection as unknown as FakeConnection;
    const seen: number[] = [];
    for (const ufrag of ["first", "first", "second"]) {
      const sdp = `v=0\r\na=ice-ufrag:${ufrag}\r\n`;
      await peer.receive({ session: "s1", description: { type: "offer", sdp } });
      const candidate = { candidate: line(SRFLX), sdpMid: "0", sdpMLineIndex: 0, usernameFragment: ufrag };
      await peer.receive({ session: "s1", candidates: [candidate] });
      seen.push(priority((fake.candidates.at(-1) as typeof candidate).candidate));
    }
    expect(seen.slice(0, 2)).toEqual([SRFLX, SRFLX]);
    expect(seen[2]).toBeGreaterThan(HOST);
    peer.close();
  });
});
