import { expect, test } from "vitest";
import { nextStep, readRefusal } from "./refusal";

test.each([
  [{ code: "room_full" }, { code: "room_full", retryAfter: null, opensAt: null }],
  [
    { code: "unavailable", retry_after: 3 },
    { code: "unavailable", retryAfter: 3, opensAt: null },
  ],
  [
    { code: "rate_limited", retry_after: -1 },
    { code: "rate_limited", retryAfter: null, opensAt: null },
  ],
  [
    { code: "too_early", opens_at: "2026-01-01T00:00:00Z" },
    { code: "too_early", retryAfter: null, opensAt: "2026-01-01T00:00:00Z" },
  ],
  [{ code: "something else" }, null],
  [undefined, null],
  ["expired", null],
])("%j", (data, refusal) => expect(readRefusal(data)).toEqual(refusal));

const refusal = (code: string, retryAfter: number | null = null) => {
  const read = readRefusal({ code });
  if (!read) throw new Error(code);
  return { ...read, retryAfter };
};

test.each([
  [
    "a sleeping database",
    refusal("unavailable", 3),
    false,
    { do: "retry", afterMs: 3_000, trouble: "unavailable" },
  ],
  ["no time given", refusal("unavailable"), false, { do: "retry", afterMs: 2_000, trouble: "unavailable" }],
  [
    "too many",
    refusal("rate_limited", 600),
    false,
    { do: "retry", afterMs: 60_000, trouble: "rate_limited" },
  ],
  [
    "at once is not at once",
    refusal("rate_limited", 0),
    false,
    { do: "retry", afterMs: 500, trouble: "rate_limited" },
  ],
  ["an old token", refusal("expired"), false, { do: "renew_token" }],
  ["a fresh token that is old", refusal("expired"), true, { do: "give_up" }],
  ["no word helps", refusal("revoked"), false, { do: "give_up" }],
])("%s", (_, seen, renewed, expected) => expect(nextStep(seen, renewed)).toEqual(expected));
