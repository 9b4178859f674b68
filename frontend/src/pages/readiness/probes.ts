/** Whether the clinic's socket can be had, and how fast the line is. Never throws. */
import { readiness } from "../../api/readiness";
import { config } from "../../config";

const LINE_MS = 6_000;
const MOST_KBPS = 1_000_000;

/** Opens a socket as the call would, and closes it again: true once the server has spoken. */
export function probeLine(): Promise<boolean> {
  return new Promise((resolve) => {
    const origin = (config.socketOrigin || location.origin).replace(/^http/, "ws");
    let socket: WebSocket;
    try {
      socket = new WebSocket(`${origin}${config.socketPath}?EIO=4&transport=websocket`);
    } catch {
      return resolve(false);
    }
    const settle = (works: boolean) => {
      clearTimeout(timer);
      socket.close();
      resolve(works);
    };
    const timer = setTimeout(() => settle(false), LINE_MS);
    socket.onmessage = () => settle(true);
    socket.onerror = () => settle(false);
    socket.onclose = () => settle(false);
  });
}

async function timed(move: () => Promise<number>): Promise<number | null> {
  const began = performance.now();
  try {
    const bytes = await move();
    // Bits in a millisecond are kilobits in a second.
    return Math.min(MOST_KBPS, Math.round((bytes * 8) / Math.max(1, performance.now() - began)));
  } catch {
    return null;
  }
}

export interface Speed {
  readonly downKbps: number | null;
  readonly upKbps: number | null;
}

/** One after the other, as each would slow down the other. */
export async function measureSpeed(): Promise<Speed> {
  const downKbps = await timed(() => readiness.download());
  return { downKbps, upKbps: await timed(() => readiness.upload()) };
}
