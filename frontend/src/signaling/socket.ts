/** The port over Socket.IO: websocket only, one handshake that joins, and patience with everything that passes. */

import { io, type Socket } from "socket.io-client";
import { Value, type Watched } from "../rtc/value";
import { Overtake } from "./overtake";
import type { CommandName, EventName, LineState, SignalingPort } from "./port";
import type { Ack, ClientEvents, Handshake, ServerEvents } from "./protocol";
import { nextStep, readRefusal } from "./refusal";

export interface SocketOptions {
  /** `""` for the page's own origin. */
  readonly origin: string;
  readonly path: string;
  /** An access token, a new one when `fresh`. Rejecting with a refusal's `{code}` gives up; otherwise it is retried. */
  readonly token: (fresh: boolean) => Promise<string>;
  /** Everything of the handshake but the token, as it is at the moment of connecting. */
  readonly handshake: () => Omit<Handshake, "token">;
}

const ACK_TIMEOUT_MS = 5_000;
/** Failed connects back off; short, because a restart offer may be waiting for the line. */
const RETRY_MS = 300;
const MOST_RETRY_MS = 2_000;
const CONNECT_TIMEOUT_MS = 3_000;
const MOST_CONNECT_TIMEOUT_MS = 12_000;

export class SocketPort implements SignalingPort {
  readonly #state = new Value<LineState>({ is: "idle" });
  readonly #options: SocketOptions;
  readonly #socket: Socket;
  #wanted = false;
  #wasOnline = false;
  #wantsFresh = false;
  #renewed = false;
  #drainMs = RETRY_MS;
  #retryTimer: ReturnType<typeof setTimeout> | null = null;
  /** The server named the moment of the next try. */
  #bidden = false;
  readonly #overtake: Overtake;

  constructor(options: SocketOptions) {
    this.#options = options;
    this.#socket = io(options.origin || undefined, {
      path: options.path,
      transports: ["websocket"],
      autoConnect: false,
      forceNew: true,
      reconnectionDelay: RETRY_MS,
      reconnectionDelayMax: MOST_RETRY_MS,
      timeout: CONNECT_TIMEOUT_MS,
      auth: (give: (auth: object) => void) => void this.#authenticate(give),
    });
    this.#overtake = new Overtake({ url: `${options.origin}/healthz`, again: () => this.reset() });
    this.#socket.on("connect", () => this.#onConnect());
    this.#socket.on("connect_error", (error: Error & { data?: unknown }) => this.#onConnectError(error.data));
    this.#socket.on("disconnect", (reason) => this.#onDisconnect(reason));
    this.#socket.on("server_draining", (notice: ServerEvents["server_draining"]) => {
      this.#drainMs = notice.reconnect_after_ms;
    });
    // Quick for a link that has just changed, patient with one that is slow.
    this.#socket.io.on("reconnect_attempt", (attempt) => {
      this.#overtake.watch();
      this.#socket.io.timeout(Math.min(MOST_CONNECT_TIMEOUT_MS, CONNECT_TIMEOUT_MS + 1_000 * attempt));
    });
  }

  get state(): Watched<LineState> {
    return this.#state;
  }

  open(): void {
    if (this.#wanted) return;
    this.#wanted = true;
    this.#wasOnline = false;
    globalThis.addEventListener?.("online", this.#hurry);
    this.#state.set({ is: "connecting", trouble: null });
    this.#overtake.watch();
    this.#socket.connect();
  }

  on<E extends EventName>(event: E, listener: (payload: ServerEvents[E]) => void): () => void {
    // The library types listeners by its own event map; ours is the table in protocol.ts.
    const heard = listener as (payload: unknown) => void;
    this.#socket.on(event as string, heard);
    return () => this.#socket.off(event as string, heard);
  }

  async send<E extends CommandName>(
    event: E,
    payload: ClientEvents[E],
    timeoutMs = ACK_TIMEOUT_MS,
  ): Promise<Ack<E>> {
    if (!this.#socket.connected) return { ok: false, code: "offline", message: "not connected" };
    try {
      return (await this.#socket.timeout(timeoutMs).emitWithAck(event, payload)) as Ack<E>;
    } catch {
      return { ok: false, code: "timeout", message: "no answer" };
    }
  }

  reset(): void {
    if (!this.#wanted) return;
    this.#socket.disconnect();
    this.#lost(null);
    this.#clearRetry();
    this.#overtake.watch();
    this.#socket.connect();
  }

  close(): void {
    this.#wanted = false;
    globalThis.removeEventListener?.("online", this.#hurry);
    this.#overtake.stop();
    this.#clearRetry();
    this.#state.set({ is: "closed" });
    this.#socket.disconnect();
  }

  /** The device has a network again: a try that began without one is stuck, and the next may be seconds away. */
  readonly #hurry = (): void => {
    if (this.#wanted && !this.#socket.connected && !this.#bidden) this.reset();
  };

  async #authenticate(give: (auth: object) => void): Promise<void> {
    const fresh = this.#wantsFresh;
    try {
      const token = await this.#options.token(fresh);
      this.#renewed = fresh;
      this.#wantsFresh = false;
      give({ ...this.#options.handshake(), token });
    } catch (error) {
      if (!this.#wanted) return;
      const refusal = readRefusal(error);
      if (refusal && nextStep(refusal, true).do === "give_up") this.#giveUp(refusal);
      else this.#retryIn(MOST_RETRY_MS, refusal ? "unavailable" : "no_network");
    }
  }

  #onConnect(): void {
    this.#overtake.stop();
    this.#wasOnline = true;
    this.#renewed = false;
    this.#drainMs = RETRY_MS;
    this.#state.set({ is: "online" });
  }

  #onConnectError(data: unknown): void {
    if (!this.#wanted) return;
    const refusal = readRefusal(data);
    // No word of the server's: the network, or a server that is starting. The library goes on trying.
    if (!refusal) {
      if (this.#socket.active) this.#lost("no_network");
      else this.#retryIn(MOST_RETRY_MS, "no_network");
      return;
    }
    const step = nextStep(refusal, this.#renewed);
    if (step.do === "give_up") this.#giveUp(refusal);
    else if (step.do === "retry") this.#retryIn(step.afterMs, step.trouble);
    else {
      this.#wantsFresh = true;
      this.#retryIn(0, null);
    }
  }

  #onDisconnect(reason: string): void {
    if (!this.#wanted) return;
    this.#lost(null);
    this.#overtake.watch();
    // A server that closes the socket itself is restarting (who is put out was told so before): the library would
    // not come back on its own.
    if (reason === "io server disconnect") this.#retryIn(this.#drainMs * (1 + Math.random()), null);
  }

  #lost(trouble: "unavailable" | "rate_limited" | "no_network" | null): void {
    this.#state.set(this.#wasOnline ? { is: "reconnecting" } : { is: "connecting", trouble });
  }

  #giveUp(refusal: NonNullable<ReturnType<typeof readRefusal>>): void {
    this.#wanted = false;
    this.#overtake.stop();
    this.#clearRetry();
    this.#socket.disconnect();
    this.#state.set({ is: "refused", refusal });
  }

  #retryIn(afterMs: number, trouble: "unavailable" | "rate_limited" | "no_network" | null): void {
    this.#lost(trouble);
    this.#clearRetry();
    this.#bidden = trouble !== "no_network";
    // What the server asked to wait is waited.
    this.#overtake.stop();
    this.#retryTimer = setTimeout(() => {
      this.#bidden = false;
      if (!this.#wanted) return;
      this.#overtake.watch();
      this.#socket.disconnect();
      this.#socket.connect();
    }, afterMs);
  }

  #clearRetry(): void {
    if (this.#retryTimer !== null) clearTimeout(this.#retryTimer);
    this.#retryTimer = null;
    this.#bidden = false;
  }
}
