/** The line to the server as the call sees it: events in, acknowledged events out, and how the line is. */

import type { Watched } from "../rtc/value";
import type { Ack, ClientEvents, Refusal, ServerEvents } from "./protocol";

export type LineState =
  | { readonly is: "idle" }
  /** Never connected yet. `trouble` is why it takes long; it goes on trying. */
  | { readonly is: "connecting"; readonly trouble: "unavailable" | "rate_limited" | "no_network" | null }
  | { readonly is: "online" }
  /** Was online, and comes back by itself. */
  | { readonly is: "reconnecting" }
  /** The server would not have us; nothing is tried before `open` is called again. */
  | { readonly is: "refused"; readonly refusal: Refusal }
  | { readonly is: "closed" };

export type EventName = keyof ServerEvents;
export type CommandName = keyof ClientEvents;

export interface SignalingPort {
  readonly state: Watched<LineState>;
  /** Connects, and keeps connected. Also after `refused` and `closed`. */
  open(): void;
  /** Calls `listener` for each such event, in order of arrival. Returns how to stop that. */
  on<E extends EventName>(event: E, listener: (payload: ServerEvents[E]) => void): () => void;
  /** Sends now or not at all; never rejects. Without an answer in `timeoutMs` (default 5,000) the code is `timeout`. */
  send<E extends CommandName>(event: E, payload: ClientEvents[E], timeoutMs?: number): Promise<Ack<E>>;
  /** The line looks dead although nobody said so: drops it and connects anew at once. */
  reset(): void;
  close(): void;
}
