/** The relays to use now, and how to get new credentials for them. */

import type { IceServer } from "../rtc/types";
import type { IceSupply } from "./types";

/** Credentials that die within this time are renewed before they are used. */
const MARGIN_MS = 60_000;
const WAIT_MS = 3_000;

export class IceServers {
  readonly #fetch: () => Promise<IceSupply>;
  readonly #override: readonly IceServer[] | null;
  #supply: IceSupply = { ice_servers: [], expires_at: null };
  #pending: Promise<void> | null = null;

  constructor(fetch: () => Promise<IceSupply>, override: readonly IceServer[] | null = null) {
    this.#fetch = fetch;
    this.#override = override;
  }

  set(supply: IceSupply): void {
    this.#supply = supply;
  }

  get(): readonly IceServer[] {
    return this.#override ?? this.#supply.ice_servers;
  }

  /** The servers with credentials that still live a while; the old ones when no new ones can be had. Never rejects. */
  async fresh(): Promise<readonly IceServer[]> {
    const { expires_at: expiry } = this.#supply;
    if (!this.#override && expiry !== null && Date.parse(expiry) - Date.now() < MARGIN_MS) {
      this.#pending ??= this.#renew();
      await this.#pending;
    }
    return this.get();
  }

  async #renew(): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<null>((resolve) => {
      timer = setTimeout(() => resolve(null), WAIT_MS);
    });
    const supply = await Promise.race([this.#fetch().catch(() => null), late]);
    clearTimeout(timer);
    if (supply) this.#supply = supply;
    this.#pending = null;
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
