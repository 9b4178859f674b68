/** Which interruptions a connection had, for the record: when, how long, why, and what was tried. */

import type { Interruption, InterruptionCause } from "./types";

/** Shorter ones are a stutter, and show as concealed sound. */
const SHORTEST_MS = 1_000;

interface Open {
  readonly id: string;
  readonly since: number;
  readonly cause: InterruptionCause;
  readonly restarts: number;
}

export interface Trouble {
  /** When the last packet came, ms of the monotonic clock. */
  readonly since: number;
  readonly networkChanged: boolean;
  readonly connection: RTCPeerConnectionState;
}

function causeOf({ networkChanged, connection }: Trouble): InterruptionCause {
  if (networkChanged) return "network_changed";
  if (connection === "failed" || connection === "disconnected") return connection;
  return "silence";
}

export class Interruptions {
  readonly #newId: () => string;
  #open: Open | null = null;
  #ended: (Open & { readonly until: number })[] = [];

  constructor(newId: () => string) {
    this.#newId = newId;
  }

  /** One look at a connection in trouble. The first cause stays, unless the network is then seen to have changed. */
  goOn(trouble: Trouble): void {
    const cause = causeOf(trouble);
    this.#open ??= { id: this.#newId(), since: trouble.since, cause, restarts: 0 };
    if (cause === "network_changed") this.#open = { ...this.#open, cause };
  }

  restarted(): void {
    if (this.#open) this.#open = { ...this.#open, restarts: this.#open.restarts + 1 };
  }

  /** The connection is well. Returns for how long it was not, ms; 0 when it was. */
  end(now: number): number {
    const open = this.#open;
    this.#open = null;
    if (!open) return 0;
    if (now - open.since >= SHORTEST_MS) this.#ended.push({ ...open, until: now });
    return now - open.since;
  }

  /** Those that ended since the last call of this, and the one that lasts. */
  take(now: number): Interruption[] {
    const told: Interruption[] = this.#ended.map(({ id, since, until, cause, restarts }) => ({
      id,
      cause,
      agoMs: Math.round(now - since),
      durationMs: Math.round(until - since),
      restarts,
    }));
    this.#ended = [];
    const open = this.#open;
    if (open && now - open.since >= SHORTEST_MS) {
      const { id, cause, restarts } = open;
      told.push({ id, cause, agoMs: Math.round(now - open.since), durationMs: null, restarts });
    }
    return told;
  }
}
