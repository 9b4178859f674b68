/** The relays to use now, and how to get new credentials for them. */

import type { IceServer } from "../rtc/types";
import type { IceSupply } from "./types";

/** Credentials that die within this time are renewed before they are used. */
const MARGIN_MS = 60_000;
const WAIT_MS = 3_000;
/** New ones are fetched when this share of their life is over: at a restart there is no time to ask. */
const RENEW_AT = 0.8;
/** After a failure. */
const AGAIN_MS = 15_000;

export class IceServers {
  readonly #fetch: () => Promise<IceSupply>;
  readonly #override: readonly IceServer[] | null;
  #supply: IceSupply = { ice_servers: [], expires_at: null };
  #pending: Promise<void> | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #kept = false;
  #offsetMs = 0;

  constructor(fetch: () => Promise<IceSupply>, override: readonly IceServer[] | null = null) {
    this.#fetch = fetch;
    this.#override = override;
  }

  /** `serverTime`, RFC 3339, tells how this device's clock differs from the one that wrote the expiry. */
  set(supply: IceSupply, serverTime?: string): void {
    this.#supply = supply;
    if (serverTime) this.#offsetMs = Date.parse(serverTime) - Date.now();
    this.#plan();
  }

  /** Keeps the credentials fresh from now on. Returns how to stop that. */
  keep(): () => void {
    this.#kept = true;
    this.#plan();
    return () => {
      this.#kept = false;
      if (this.#timer !== null) clearTimeout(this.#timer);
    };
  }

  get(): readonly IceServer[] {
    return this.#override ?? this.#supply.ice_servers;
  }

  /** The servers with credentials that still live a while; the old ones when no new ones can be had. Never rejects. */
  async fresh(): Promise<readonly IceServer[]> {
    const { expires_at: expiry } = this.#supply;
    if (!this.#override && expiry !== null && this.#left(expiry) < MARGIN_MS) await this.#renewed();
    return this.get();
  }

  #left(expiry: string): number {
    return Date.parse(expiry) - (Date.now() + this.#offsetMs);
  }

  #plan(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    const { expires_at: expiry } = this.#supply;
    if (!this.#kept || this.#override || expiry === null) return;
    const left = this.#left(expiry);
    this.#renewIn(left > 0 ? left * RENEW_AT : AGAIN_MS);
  }

  #renewIn(afterMs: number): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#renewed(), afterMs);
  }

  #renewed(): Promise<void> {
    this.#pending ??= this.#renew();
    return this.#pending;
  }

  async #renew(): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<null>((resolve) => {
      timer = setTimeout(() => resolve(null), WAIT_MS);
    });
    const supply = await Promise.race([this.#fetch().catch(() => null), late]);
    clearTimeout(timer);
    this.#pending = null;
    if (supply) this.set(supply);
    else if (this.#kept) this.#renewIn(AGAIN_MS);
  }
}

/** Reads `turn:host:port?transport=udp|user|password`, the test-only override; null when it is empty. */
export function readOverride(text: string): readonly IceServer[] | null {
  const [urls, username, credential] = text.split("|");
  if (!urls) return null;
  return [{ urls, ...(username ? { username } : {}), ...(credential ? { credential } : {}) }];
}

/** `GET /api/turn-credentials` for this room. */
export async function fetchIceServers(apiBase: string, roomId: string, token: string): Promise<IceSupply> {
  const answer = await fetch(`${apiBase}/turn-credentials?room_id=${encodeURIComponent(roomId)}`, {
    headers: { Authorization: `Bearer ${token}` },
  });
  if (!answer.ok) throw new Error(`turn-credentials: ${answer.status}`);
  return (await answer.json()) as IceSupply;
}
