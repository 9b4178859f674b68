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
  /** Whether the other side goes first when both notice the same. */
  readonly defers: boolean;
}

export interface RecoveryState {
  /** Since when the connection has been in trouble, ms of a monotonic clock; null when it is well. */
  readonly troubledSince: number | null;
  /** Since when it has been well again, null in trouble. */
  readonly wellSince: number | null;
  /** Restarts since it was last well for a while. */
  readonly attempts: number;
  readonly notBefore: number;
  /** Until then silence is suspected to be more than a pause: the network has changed, or the line was lost. */
  readonly alertUntil: number;
}

export const WELL: RecoveryState = {
  troubledSince: null,
  wellSince: null,
  attempts: 0,
  notBefore: 0,
  alertUntil: 0,
};

export const SILENCE_MS = 1_200;
/** Seventeen packets in a row: enough, right after the network has changed. */
const ALERT_SILENCE_MS = 350;
const ALERT_MS = 10_000;
/** A line that is asked this early has answered, or is known to be dead, when the restart is due. */
const ASK_MS = 500;
const ALERT_ASK_MS = 150;
const DISCONNECTED_MS = 1_000;
/** One look later than the other side, which noticed the same at the same time. */
const DEFERENCE_MS = 200;
/** "disconnected" takes seconds without an answer; right after packets had come, the device has lost its address. */
const SUDDEN_MS = 400;
/** A connection that has been well this long starts from the shortest back-off again. */
const FORGIVEN_MS = 15_000;
const BACK_OFF_MS = 6_000;
const BACK_OFF_GROWTH = 1.6;
const BACK_OFF_MOST_MS = 45_000;
/** Right after a network change a device may have an address and no route yet: what was found then may be nothing. */
const ALERT_BACK_OFF_MS = 3_000;
/** Not even a network change restarts twice within this time. */
const NUDGE_GAP_MS = 1_500;
/** The other side has begun a restart: ours would only be in its way. */
const THEIR_TURN_MS = 3_000;

export function backOff(attempts: number): number {
  return Math.min(BACK_OFF_MOST_MS, BACK_OFF_MS * BACK_OFF_GROWTH ** attempts);
}

export function isAlert(state: RecoveryState, now: number): boolean {
  return now < state.alertUntil;
}

export interface Decision {
  readonly state: RecoveryState;
  /** Find out whether the way to the server works. */
  readonly ask: boolean;
  /** The device's address has just gone, and probably that way with it. */
  readonly sudden: boolean;
  /** Said once per attempt; the caller tells `attempted` when it did it. */
  readonly restart: boolean;
}

function isSudden({ troubledSince }: RecoveryState, { connection, silentMs }: RecoveryFacts): boolean {
  return troubledSince === null && connection === "disconnected" && silentMs !== null && silentMs < SUDDEN_MS;
}

/** One look at the connection. */
export function look(before: RecoveryState, facts: RecoveryFacts, now: number): Decision {
  const sudden = isSudden(before, facts);
  const state = sudden ? { ...before, alertUntil: now + ALERT_MS } : before;
  const alert = isAlert(state, now);
  const silent = facts.silentMs ?? 0;
  const failed = facts.connection === "failed" || facts.connection === "disconnected";
  const isSilent = silent >= (alert ? ALERT_SILENCE_MS : SILENCE_MS);
  const ask = failed || silent >= (alert ? ALERT_ASK_MS : ASK_MS);
  if (!failed && !(facts.connection === "connected" && isSilent)) {
    // "connecting" after a restart is neither well nor a new trouble.
    if (facts.connection !== "connected") return { state, ask: false, sudden, restart: false };
    const wellSince = state.wellSince ?? now;
    const forgiven = now - wellSince >= FORGIVEN_MS;
    const attempts = forgiven ? 0 : state.attempts;
    return { state: { ...state, troubledSince: null, wellSince, attempts }, ask, sudden, restart: false };
  }
  const troubledSince = state.troubledSince ?? now;
  const ripe = facts.connection !== "disconnected" || isSilent || now - troubledSince >= DISCONNECTED_MS;
  const defers = facts.defers && !alert && state.attempts === 0 && now - troubledSince < DEFERENCE_MS;
  return {
    state: { ...state, troubledSince, wellSince: null },
    ask,
    sudden,
    restart: now >= state.notBefore && ripe && !defers,
  };
}

/** A restart was begun now. */
export function attempted(state: RecoveryState, now: number): RecoveryState {
  const hasty = isAlert(state, now) && state.attempts === 0;
  const notBefore = now + (hasty ? ALERT_BACK_OFF_MS : backOff(state.attempts));
  return { ...state, attempts: state.attempts + 1, notBefore };
}

/** The network changed, or signaling is back: what failed before may work now, so do not wait for the back-off. */
export function nudged(state: RecoveryState, lastAttempt: number | null, now: number): RecoveryState {
  const notBefore = lastAttempt === null ? now : Math.max(now, lastAttempt + NUDGE_GAP_MS);
  return { ...state, notBefore, alertUntil: now + ALERT_MS };
}

/** The other side restarts. */
export function yielded(state: RecoveryState, now: number): RecoveryState {
  return { ...state, notBefore: Math.max(state.notBefore, now + THEIR_TURN_MS) };
}
