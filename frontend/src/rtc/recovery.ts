/**
 * When to restart ICE. Pure: facts and time come in, a decision comes out.
 *
 * Chromium never reports `iceConnectionState` "failed" after a lost network, and `connectionState` takes 15 s to say so:
 * so silence of a flow that was steady counts too. Restarts back off, because each one costs relay allocations that
 * live on, and a storm of them locks the user out of the relay.
 */

export interface RecoveryFacts {
  readonly connection: RTCPeerConnectionState;
  /** For how long a flow that was steady has been silent, ms; null when nothing steady is expected. */
  readonly silentMs: number | null;
}

export interface RecoveryState {
  /** Since when the connection has been in trouble, ms of a monotonic clock; null when it is well. */
  readonly troubledSince: number | null;
  /** Since when it has been well again, null in trouble. */
  readonly wellSince: number | null;
  /** Restarts since it was last well for a while. */
  readonly attempts: number;
  readonly notBefore: number;
}

export const WELL: RecoveryState = { troubledSince: null, wellSince: null, attempts: 0, notBefore: 0 };

const SILENCE_MS = 1_200;
const DISCONNECTED_MS = 1_000;
/** A connection that has been well this long starts from the shortest back-off again. */
const FORGIVEN_MS = 15_000;
const BACK_OFF_MS = 6_000;
const BACK_OFF_GROWTH = 1.6;
const BACK_OFF_MOST_MS = 45_000;
/** Not even a network change restarts twice within this time. */
const NUDGE_GAP_MS = 1_500;

export function backOff(attempts: number): number {
  return Math.min(BACK_OFF_MOST_MS, BACK_OFF_MS * BACK_OFF_GROWTH ** attempts);
}

function inTrouble(facts: RecoveryFacts): boolean {
  if (facts.connection === "failed" || facts.connection === "disconnected") return true;
  return facts.connection === "connected" && (facts.silentMs ?? 0) >= SILENCE_MS;
}

function ripe(facts: RecoveryFacts, troubledFor: number): boolean {
  return (
    facts.connection !== "disconnected" ||
    (facts.silentMs ?? 0) >= SILENCE_MS ||
    troubledFor >= DISCONNECTED_MS
  );
}

/** One look at the connection. `restart` is said once per attempt; the caller tells `attempted` when it did it. */
export function look(
  state: RecoveryState,
  facts: RecoveryFacts,
  now: number,
): { readonly state: RecoveryState; readonly restart: boolean } {
  if (!inTrouble(facts)) {
    // "connecting" after a restart is neither well nor a new trouble.
    if (facts.connection !== "connected") return { state, restart: false };
    const wellSince = state.wellSince ?? now;
    const forgiven = now - wellSince >= FORGIVEN_MS;
    return {
      state: { ...state, troubledSince: null, wellSince, attempts: forgiven ? 0 : state.attempts },
      restart: false,
    };
  }
  const troubledSince = state.troubledSince ?? now;
  const next = { ...state, troubledSince, wellSince: null };
  return { state: next, restart: now >= state.notBefore && ripe(facts, now - troubledSince) };
}

/** A restart was begun now. */
export function attempted(state: RecoveryState, now: number): RecoveryState {
  return { ...state, attempts: state.attempts + 1, notBefore: now + backOff(state.attempts) };
}

/** The network changed, or signaling is back: what failed before may work now, so do not wait for the back-off. */
export function nudged(state: RecoveryState, lastAttempt: number | null, now: number): RecoveryState {
  return { ...state, notBefore: lastAttempt === null ? now : Math.max(now, lastAttempt + NUDGE_GAP_MS) };
}
