/** The session over the real server. */

import { config } from "../config";
import { SocketPort } from "../signaling/socket";
import { fetchIceServers, IceServers, readOverride } from "./ice";
import { Session } from "./session";
import type { CallSession, SessionOptions } from "./types";

const LATE_MS = 2_000;

/** A consultation over the real server. */
export function createSession(options: SessionOptions): CallSession {
  const { roomId, takeOver = true, device, knockingSince = performance.now() } = options;
  const ice = new IceServers(
    async () => fetchIceServers(config.apiBase, roomId, await options.token(false)),
    readOverride(config.turnOverride),
  );
  const session: Session = new Session(options.media, {
    ice,
    port: new SocketPort({
      origin: config.socketOrigin,
      path: config.socketPath,
      token: options.token,
      handshake: () => ({ ...session.handshake(roomId, takeOver, device), ...knocking() }),
    }),
  });
  // Who came while the server slept stands where they came; once they were in, that is over.
  let outside = true;
  const stop = session.phase.subscribe(() => {
    outside = session.phase.get().is === "connecting";
    if (!outside) stop();
  });
  const knocking = () => {
    const ms = Math.round(performance.now() - knockingSince);
    // A server that was there is not told: an older one would not know the word.
    return outside && ms > LATE_MS ? { knocking_ms: ms } : {};
  };
  return session;
}
