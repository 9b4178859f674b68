import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Paths, PathTest } from "./path-test";

const UDP = "turn:relay.example:3478?transport=udp";
const TCP = "turn:relay.example:3478?transport=tcp";
const TLS = "turns:relay.example:443?transport=tcp";
const STUN = "stun:relay.example:3478";

/** As much of a browser's connection as the test of the paths touches. */
class Gathering {
  static made: Gathering[] = [];
  iceGatheringState = "new";
  onicecandidateerror: ((event: { errorCode: number }) => void) | null = null;
  onicecandidate: ((event: { candidate: { type: string } | null }) => void) | null = null;
  closed = false;
  readonly configuration: RTCConfiguration;
  constructor(configuration: RTCConfiguration) {
    this.configuration = configuration;
    Gathering.made.push(this);
  }
  createDataChannel(): void {}
  async setLocalDescription(): Promise<void> {
    this.iceGatheringState = "gathering";
  }
  close(): void {
    this.closed = true;
  }
  get url(): string {
    return String(this.configuration.iceServers?.[0]?.urls);
  }
  complete(): void {
    this.iceGatheringState = "complete";
    this.onicecandidate?.({ candidate: null });
  }
}

const make = (configuration: RTCConfiguration) =>
  new Gathering(configuration) as unknown as RTCPeerConnection;

beforeEach(() => {
  vi.useFakeTimers();
  Gathering.made = [];
});
afterEach(() => {
  vi.useRealTimers();
});

const at = (url: string) => {
  const found = Gathering.made.find((one) => one.url === url);
  if (!found) throw new Error(`nobody asks ${url}`);
  return found;
};

test("each address by a connection of its own, relays with a credential that is none", () => {
  new PathTest([UDP, TCP, TLS], make);
  expect(Gathering.made.map(({ url }) => url)).toEqual([UDP, STUN, TCP, TLS]);
  expect(at(TLS).configuration).toEqual({
    iceServers: [{ urls: TLS, username: "path-test", credential: "none" }],
    iceTransportPolicy: "relay",
  });
  expect(at(STUN).configuration).toEqual({ iceServers: [{ urls: STUN }] });
});

test("each answer is told when it comes, and its connection closed", () => {
  const run = new PathTest([UDP, TLS], make);
  const rest = { relayTcp: "absent" } as const;
  const told: Paths[] = [];
  run.paths.subscribe(() => told.push(run.paths.get()));
  at(STUN).onicecandidate?.({ candidate: { type: "srflx" } });
  at(UDP).onicecandidateerror?.({ errorCode: 401 });
  at(TLS).onicecandidateerror?.({ errorCode: 701 });
  at(TLS).complete();
  expect(told).toEqual([
    { direct: "ok", relayUdp: "testing", ...rest, relayTls: "testing" },
    { direct: "ok", relayUdp: "ok", ...rest, relayTls: "testing" },
    { direct: "ok", relayUdp: "ok", ...rest, relayTls: "blocked" },
  ]);
  expect(Gathering.made.every(({ closed }) => closed)).toBe(true);
  expect(vi.getTimerCount()).toBe(0);
});

test("what has not answered after a while is blocked", async () => {
  const run = new PathTest([TLS], make);
  await vi.advanceTimersByTimeAsync(5_900);
  expect(run.paths.get().relayTls).toBe("testing");
  await vi.advanceTimersByTimeAsync(200);
  expect(run.paths.get().relayTls).toBe("blocked");
  expect(at(TLS).closed).toBe(true);
});

test("whoever leaves hears no more of it", async () => {
  const run = new PathTest([UDP, TLS], make);
  run.stop();
  expect(Gathering.made.every(({ closed }) => closed)).toBe(true);
  const { onicecandidateerror } = at(TLS);
  onicecandidateerror?.({ errorCode: 401 });
  await vi.advanceTimersByTimeAsync(10_000);
  expect(run.paths.get().relayTls).toBe("testing");
});

test("a page without WebRTC learns nothing, and nothing breaks", () => {
  const run = new PathTest([UDP, TLS], () => {
    throw new Error("no such thing");
  });
  expect(run.paths.get()).toEqual({
    direct: "unknown",
    relayUdp: "unknown",
    relayTcp: "absent",
    relayTls: "unknown",
  });
});

test("a connection that cannot begin teaches nothing", async () => {
  const run = new PathTest([TLS], (configuration) => {
    const connection = new Gathering(configuration);
    connection.setLocalDescription = () => Promise.reject(new Error("closed"));
    return connection as unknown as RTCPeerConnection;
  });
  await vi.advanceTimersByTimeAsync(0);
  expect(run.paths.get().relayTls).toBe("unknown");
});
