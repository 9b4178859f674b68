/** Counts what goes over the wire, by the browser's own figures: compressed bodies, headers and socket frames. */
import type { Page } from "@playwright/test";

export interface Fetched {
  url: string;
  type: string;
  bytes: number;
}

/** Messages of a socket as the server sees them: `in` comes from the page. Pings and heartbeats are left out. */
export interface Said {
  in: { name: string; bytes: number }[];
  out: { name: string; bytes: number }[];
}

const QUIET = /^(2|3|\{"type":"HEARTBEAT"\})$/;
const SOCKET_IO: Record<string, string> = { "0": "open", "40": "connect" };

/** A name for a Socket.IO packet or a PeerJS message. `asked` keeps the events that were sent, by the id of their ack. */
function nameOf(frame: string, asked: Map<string, string>): string {
  const peerjs = /^\{"type":"(\w+)"/.exec(frame) ?? /^\{.*"type":"([A-Z]+)"/.exec(frame);
  if (peerjs?.[1]) return peerjs[1];
  const [, id, event] = /^42(\d*)\["([^"]+)"/.exec(frame) ?? [];
  if (event) {
    if (id) asked.set(id, event);
    return event;
  }
  const answered = /^43(\d+)/.exec(frame)?.[1];
  if (answered) return `${asked.get(answered)} ack`;
  return SOCKET_IO[frame.slice(0, 2)] ?? SOCKET_IO[frame.slice(0, 1)] ?? "other";
}

export class Wire {
  readonly fetched = new Map<string, Fetched>();
  readonly said: Said = { in: [], out: [] };

  /** Listens from now on. */
  static async on(page: Page): Promise<Wire> {
    const wire = new Wire();
    const cdp = await page.context().newCDPSession(page);
    cdp.on("Network.requestWillBeSent", ({ requestId, request, type }) => {
      if (/^https?:/.test(request.url)) {
        wire.fetched.set(requestId, { url: request.url, type: type ?? "", bytes: 0 });
      }
    });
    cdp.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
      const found = wire.fetched.get(requestId);
      if (found) found.bytes = encodedDataLength;
    });
    cdp.on("Network.webSocketCreated", ({ requestId, url }) => {
      wire.fetched.set(requestId, { url, type: "WebSocket", bytes: 0 });
    });
    const asked = new Map<string, string>();
    const note = (list: Said["in"], text: string) => {
      if (!QUIET.test(text)) list.push({ name: nameOf(text, asked), bytes: text.length });
    };
    cdp.on("Network.webSocketFrameSent", ({ response }) => note(wire.said.in, response.payloadData));
    cdp.on("Network.webSocketFrameReceived", ({ response }) => note(wire.said.out, response.payloadData));
    await cdp.send("Network.enable");
    return wire;
  }

  get bytes(): number {
    const frames = this.said.out.reduce((sum, frame) => sum + frame.bytes, 0);
    return frames + [...this.fetched.values()].reduce((sum, one) => sum + one.bytes, 0);
  }
}

/** How many messages of each name, and their bytes. */
export function tally(list: Said["in"]): Record<string, { count: number; bytes: number }> {
  const found: Record<string, { count: number; bytes: number }> = {};
  for (const { name, bytes } of list) {
    found[name] ??= { count: 0, bytes: 0 };
    found[name].count += 1;
    found[name].bytes += bytes;
  }
  return found;
}
