/** What a refused handshake means. Pure. */

import type { Refusal, RefusalCode } from "./protocol";

const CODES: readonly RefusalCode[] = [
  "unauthorized",
  "expired",
  "revoked",
  "too_early",
  "room_closed",
  "room_full",
  "seat_taken",
  "consent_required",
  "unavailable",
  "rate_limited",
  "protocol",
];

function fields(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

/** Reads `{code, retry_after?, opens_at?}`; null when it is no word of the server's (a lost network, a proxy). */
export function readRefusal(value: unknown): Refusal | null {
  const { code, retry_after: retryAfter, opens_at: opensAt } = fields(value);
  const known = CODES.find((word) => word === code);
  if (!known) return null;
  return {
    code: known,
    retryAfter: typeof retryAfter === "number" && retryAfter >= 0 ? retryAfter : null,
    opensAt: typeof opensAt === "string" ? opensAt : null,
  };
}

export type NextStep =
  | { readonly do: "retry"; readonly afterMs: number; readonly trouble: "unavailable" | "rate_limited" }
  | { readonly do: "renew_token" }
  | { readonly do: "give_up" };

/** `renewed`: the token of this attempt was already a fresh one, so another would not help. */
export function nextStep(refusal: Refusal, renewed: boolean): NextStep {
  if (refusal.code === "unavailable" || refusal.code === "rate_limited") {
    const afterMs = Math.min(60, Math.max(0.5, refusal.retryAfter ?? 2)) * 1_000;
    return { do: "retry", afterMs, trouble: refusal.code };
  }
  if (refusal.code === "expired" && !renewed) return { do: "renew_token" };
  return { do: "give_up" };
}
