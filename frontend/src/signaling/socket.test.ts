import { createServer, type Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Server } from "socket.io";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Watched } from "../rtc/value";
import type { LineState } from "./port";
import { SocketPort } from "./socket";

let http: HttpServer;
let server: Server;
let port: SocketPort;
/** What each handshake said. */
let seen: Record<string, unknown>[];
/** One refusal for each of the next handshakes. */
let refusals: object[];

beforeEach(async () => {
  seen = [];
  refusals = [];
  // Whatever is no socket is answered: /healthz.
  http = createServer((_request, response) => response.end());
  server = new Server(http, { transports: ["websocket"] });
  server.use((socket, next) => {
    seen.push(socket.handshake.auth);
    const data = refusals.shift();
    next(data ? Object.assign(new Error("refused"), { data }) : undefined);
  });
  await new Promise<void>((resolve) => {
    http.listen(0, "127.0.0.1", resolve);
  });
});
afterEach(async () => {
  port.close();
  await server.close();
});

function client(
  token: (fresh: boolean) => Promise<string> = async (fresh) => (fresh ? "fresh" : "first"),
): SocketPort {
  const { port: number } = http.address() as AddressInfo;
  port = new SocketPort({
    origin: `http://127.0.0.1:${number}`,
    path: "/socket.io/",
    token,
    handshake: () => ({ protocol: 1, room_id: "r" }),
  });
  return port;
}

/** A token that cannot be had the first time. */
function secondTime(): () => Promise<string> {
  let asked = 0;
  return async () => {
    asked += 1;
    if (asked === 1) throw new Error("offline");
    return "second";
  };
}

function until<T>(watched: Watched<T>, test: (value: T) => boolean): Promise<T> {
  return new Promise((resolve) => {
    const look = () => {
      if (!test(watched.get())) return;
      stop();
      resolve(watched.get());
    };
    const stop = watched.subscribe(look);
    queueMicrotask(look);
  });
}

const is = (word: LineState["is"]) => (line: LineState) => line.is === word;

test("the handshake joins, commands are answered, events arrive", async () => {
  server.on("connection", (socket) => {
    socket.on("leave", (_payload, answer) => answer({ ok: true }));
    socket.emit("queue_updated", { position: 2 });
  });
  const line = client();
  const position = new Promise((resolve) => line.on("queue_updated", resolve));
  expect(await line.send("leave", {})).toMatchObject({ ok: false, code: "offline" });
  line.open();
  line.open();
  await until(line.state, is("online"));
  expect(seen).toEqual([{ token: "first", protocol: 1, room_id: "r" }]);
  expect(await line.send("leave", {})).toEqual({ ok: true });
  expect(await position).toEqual({ position: 2 });
});

test("a command without an answer times out", async () => {
  const line = client();
  line.open();
  await until(line.state, is("online"));
  expect(await line.send("leave", {}, 20)).toMatchObject({ ok: false, code: "timeout" });
});

test("an expired token is replaced once", async () => {
  refusals = [{ code: "expired" }];
  const line = client();
  line.open();
  await until(line.state, is("online"));
  expect(seen.map(({ token }) => token)).toEqual(["first", "fresh"]);
});

test("a fresh token that is refused as well ends it", async () => {
  refusals = [{ code: "expired" }, { code: "expired" }];
  const line = client();
  line.open();
  await until(line.state, is("refused"));
  expect(seen.length).toBe(2);
});

test("a sleeping database is waited for", async () => {
  refusals = [{ code: "unavailable", retry_after: 0.5 }];
  const line = client();
  const troubled = until(line.state, (state) => state.is === "connecting" && state.trouble === "unavailable");
  line.open();
  await troubled;
  await until(line.state, is("online"));
});

test("what no patience helps against is told, and may be tried by hand", async () => {
  refusals = [{ code: "room_full" }];
  const line = client();
  line.open();
  const state = await until(line.state, is("refused"));
  expect(state).toMatchObject({ refusal: { code: "room_full" } });
  line.open();
  await until(line.state, is("online"));
});

test("a token that cannot be had for good is a refusal", async () => {
  const line = client(() => Promise.reject(Object.assign(new Error(), { code: "revoked" })));
  line.open();
  const state = await until(line.state, is("refused"));
  expect([state, seen]).toMatchObject([{ refusal: { code: "revoked" } }, []]);
});

test("a token that cannot be had just now is asked for again", async () => {
  const line = client(secondTime());
  line.open();
  await until(line.state, is("online"));
  expect(seen.map(({ token }) => token)).toEqual(["second"]);
});

test("a server that restarts is come back to", async () => {
  const line = client();
  line.open();
  await until(line.state, is("online"));
  server.emit("server_draining", { reconnect_after_ms: 10 });
  server.disconnectSockets(false);
  await until(line.state, is("reconnecting"));
  await until(line.state, is("online"));
  expect(seen.length).toBe(2);
});

test("a lost network is come back from", async () => {
  const line = client();
  line.open();
  await until(line.state, is("online"));
  server.disconnectSockets(true);
  await until(line.state, is("reconnecting"));
  await until(line.state, is("online"));
});

describe("the device is online again", () => {
  const device = new EventTarget();
  beforeEach(() => {
    vi.stubGlobal("addEventListener", device.addEventListener.bind(device));
    vi.stubGlobal("removeEventListener", device.removeEventListener.bind(device));
  });
  afterEach(() => {
    vi.unstubAllGlobals();
  });
  const online = () => device.dispatchEvent(new Event("online"));
  const trouble = (line: SocketPort, code: string) =>
    until(line.state, (state) => state.is === "connecting" && state.trouble === code);

  test("the next try does not wait for its turn", async () => {
    const line = client(secondTime());
    const began = performance.now();
    line.open();
    await trouble(line, "no_network");
    online();
    await until(line.state, is("online"));
    expect(seen.map(({ token }) => token)).toEqual(["second"]);
    // Its turn would have come after 2 s.
    expect(performance.now() - began).toBeLessThan(1_500);
  });

  test("a line that is up is left alone", async () => {
    const line = client();
    line.open();
    await until(line.state, is("online"));
    online();
    expect(line.state.get().is).toBe("online");
  });

  test("what the server asked to wait is waited", async () => {
    refusals = [{ code: "rate_limited", retry_after: 0.5 }];
    const line = client();
    const began = performance.now();
    line.open();
    await trouble(line, "rate_limited");
    online();
    await until(line.state, is("online"));
    expect(performance.now() - began).toBeGreaterThanOrEqual(495);
    expect(seen.length).toBe(2);
  });

  test("a closed line stays closed", async () => {
    const line = client();
    line.open();
    line.close();
    online();
    expect([line.state.get().is, seen]).toEqual(["closed", []]);
  });
});

test("a line that only looks alive is made anew", async () => {
  const line = client();
  line.open();
  await until(line.state, is("online"));
  line.reset();
  expect(line.state.get().is).toBe("reconnecting");
  await until(line.state, is("online"));
  expect(seen.length).toBe(2);
});

test("a connect that hangs while the server answers is overtaken", async () => {
  const [upgrade] = http.listeners("upgrade");
  const hanging: { destroy(): void }[] = [];
  http.removeAllListeners("upgrade");
  http.once("upgrade", (_request, socket) => {
    hanging.push(socket);
    http.on("upgrade", (...rest) => upgrade?.apply(http, rest));
  });
  const line = client();
  const began = performance.now();
  line.open();
  await until(line.state, is("online"));
  for (const socket of hanging) socket.destroy();
  // The connect's own patience is 3 s.
  expect(performance.now() - began).toBeLessThan(2_500);
  expect([hanging.length, seen.length]).toEqual([1, 1]);
});

test("closing is for good, and stops what was to be tried again", async () => {
  refusals = [{ code: "rate_limited", retry_after: 0.5 }];
  const line = client();
  line.open();
  await until(line.state, (state) => state.is === "connecting" && state.trouble === "rate_limited");
  line.close();
  line.reset();
  expect(line.state.get().is).toBe("closed");
});
