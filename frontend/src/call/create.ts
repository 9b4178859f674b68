/** The session over the real server. */

import { config } from "../config";
import { SocketPort } from "../signaling/socket";
import { fetchIceServers, IceServers, readOverride } from "./ice";
import { Session } from "./session";
import type { CallSession, SessionOptions } from "./types";

/** A consultation over the real server. */
export function createSession(options: SessionOptions): CallSession {
  const { roomId, takeOver = true, device } = options;
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
      handshake: () => session.handshake(roomId, takeOver, device),
    }),
  });
  return session;
}
