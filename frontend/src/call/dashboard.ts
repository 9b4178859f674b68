/** The doctor's dashboard feed: a socket without a room. */

import { config } from "../config";
import { Value } from "../rtc/value";
import type { SignalingPort } from "../signaling/port";
import { PROTOCOL, type Refusal } from "../signaling/protocol";
import { SocketPort } from "../signaling/socket";
import type {
  ActionResult,
  Dashboard,
  DashboardFeed,
  DashboardOptions,
  ServerLink,
  WaitingEntry,
} from "./types";

function aimed({ room_id, participant }: WaitingEntry) {
  return { room_id, participant_id: participant.id };
}

export class Feed implements Dashboard {
  readonly server = new Value<ServerLink>("reconnecting");
  readonly feed = new Value<DashboardFeed | null>(null);
  readonly refusal = new Value<Refusal | null>(null);
  readonly #port: SignalingPort;
  #stops: (() => void)[] = [];

  constructor(port: SignalingPort) {
    this.#port = port;
  }

  start(): void {
    this.close();
    this.refusal.set(null);
    this.#stops = [
      this.#port.state.subscribe(() => {
        const line = this.#port.state.get();
        this.server.set(line.is === "online" ? "online" : "reconnecting");
        if (line.is === "refused") this.refusal.set(line.refusal);
      }),
      this.#port.on("queue_updated", (queue) => {
        if (!("waiting" in queue)) return;
        const { waiting, rooms, readiness = [] } = queue;
        this.feed.set({ waiting, rooms, readiness });
      }),
      this.#port.on("session_revoked", ({ code }) => {
        this.refusal.set({
          code: code === "signed_out" ? "unauthorized" : "revoked",
          retryAfter: null,
          opensAt: null,
        });
        this.close();
      }),
    ];
    this.#port.open();
  }

  refuse(entry: WaitingEntry, message?: string): Promise<ActionResult> {
    return this.#port.send("refuse", { ...aimed(entry), ...(message && { message }) });
  }

  tell(entry: WaitingEntry, text: string): Promise<ActionResult> {
    return this.#port.send("notice", { ...aimed(entry), text });
  }

  close(): void {
    for (const stop of this.#stops) stop();
    this.#stops = [];
    this.#port.close();
  }
}

export function createDashboard(options: DashboardOptions): Dashboard {
  return new Feed(
    new SocketPort({
      origin: config.socketOrigin,
      path: config.socketPath,
      token: options.token,
      handshake: () => ({ protocol: PROTOCOL }),
    }),
  );
}
