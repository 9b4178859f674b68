/** Who of the staff is signed in on this page. The access token lives in memory only; the cookie renews it. */
import { learnTime } from "../clock";
import { config } from "../config";
import type { TokenOut, UserOut } from "./types";

type Listener = () => void;

/** `unknown` until the first look at the cookie. */
export type StaffSession = { is: "unknown" } | { is: "out" } | { is: "in"; user: UserOut; token: TokenOut };

const PATIENCE_MS = 15_000;
const LOCK = "teleconsulta-refresh";

let current: StaffSession = { is: "unknown" };
let renewing: Promise<TokenOut | null> | null = null;
const listeners = new Set<Listener>();

function become(next: StaffSession): void {
  current = next;
  for (const listener of listeners) listener();
}

/** The signed-in person, as a watched value. */
export const staffSession = {
  get: (): StaffSession => current,
  subscribe(listener: Listener): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};

/** The bearer of the signed-in person, or null. */
export function staffToken(): string | null {
  return current.is === "in" ? current.token.access_token : null;
}

export function signedIn(token: TokenOut): void {
  become({ is: "in", user: token.user, token });
}

export function signedOut(): void {
  become({ is: "out" });
}

/** One at a time over all tabs: a refresh token that is used twice would look stolen. */
async function alone<T>(work: () => Promise<T>): Promise<T> {
  if (!("locks" in navigator)) return work();
  return (await navigator.locks.request(LOCK, work)) as T;
}

/** Proof of a session whose browser keeps no cookie of the server, because the server is at another site. */
export function held(): { refresh_token?: string } {
  const token = current.is === "in" ? current.token.refresh_token : null;
  return token ? { refresh_token: token } : {};
}

async function rotate(): Promise<TokenOut | null> {
  const response = await fetch(`${config.apiBase}/auth/refresh`, {
    method: "POST",
    credentials: "include",
    headers: { "X-Teleconsulta": "1", "Content-Type": "application/json", Accept: "application/json" },
    body: JSON.stringify(held()),
    // Other tabs wait for this one's lock.
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  learnTime(response.headers.get("Date"));
  if (response.ok) return (await response.json()) as TokenOut;
  if (response.status === 401 || response.status === 403) return null;
  throw new Error(`refresh answered ${response.status}`);
}

/**
 * A new access token by the cookie, or null when nobody is signed in any more (the session is then `out`).
 * `stale` is the token that was refused: when another caller has renewed it meanwhile, that one is given.
 * A server or network that does not answer changes nothing and gives null.
 */
export function renewStaff(stale: string | null = null): Promise<TokenOut | null> {
  if (current.is === "in" && stale !== null && current.token.access_token !== stale)
    return Promise.resolve(current.token);
  renewing ??= alone(rotate)
    .then((token) => {
      if (token) signedIn(token);
      else signedOut();
      return token;
    })
    .catch(() => null)
    .finally(() => {
      renewing = null;
    });
  return renewing;
}
