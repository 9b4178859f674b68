import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ApiError } from "./client";
import { patiently, waitBefore } from "./patience";

const refusal = (code: string, retry_after: number | null = null) =>
  new ApiError({ status: 503, code, retry_after });

beforeEach(() => {
  vi.useFakeTimers();
  const target = new EventTarget();
  vi.stubGlobal("addEventListener", target.addEventListener.bind(target));
  vi.stubGlobal("removeEventListener", target.removeEventListener.bind(target));
  vi.stubGlobal("dispatchEvent", target.dispatchEvent.bind(target));
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test.each([
  [1, null, 1],
  [2, null, 2],
  [3, null, 4],
  [9, null, 8],
  [1, 5, 5],
])("before attempt %i, asked for %s, it waits %i s", (attempt, asked, expected) => {
  expect(waitBefore(attempt, asked)).toBe(expected);
});

test("a page from elsewhere tells a sleeping server from a lost network", async () => {
  vi.stubEnv("VITE_BACKEND_URL", "https://api.example");
  vi.resetModules();
  const { patiently: fromElsewhere } = await import("./patience");
  const { ApiError: Problem } = await import("./client");
  let pages = true;
  vi.stubGlobal("fetch", async () => {
    if (!pages) throw new TypeError("no network");
    return new Response(null, { status: 200 });
  });
  const told: string[] = [];
  const work = async () => {
    if (told.length === 2) return "joined";
    throw new Problem({ status: 0, code: "offline" });
  };
  const result = fromElsewhere(work, new AbortController().signal, (code) => {
    told.push(code);
    pages = false;
  });
  await vi.advanceTimersByTimeAsync(5000);
  await expect(result).resolves.toBe("joined");
  expect(told).toEqual(["unavailable", "offline"]);
  vi.unstubAllEnvs();
});

test("one click survives a server that wakes up late", async () => {
  let left = 3;
  const told: string[] = [];
  const work = async () => {
    if (left-- > 0) throw refusal("unavailable");
    return "joined";
  };
  const result = patiently(work, new AbortController().signal, (code) => told.push(code));
  await vi.advanceTimersByTimeAsync(7000);
  await expect(result).resolves.toBe("joined");
  expect(told).toEqual(["unavailable", "unavailable", "unavailable"]);
});

test("the return of the network is not waited out", async () => {
  let tries = 0;
  const work = async () => {
    tries += 1;
    if (tries === 1) throw refusal("offline", 60);
    return tries;
  };
  const result = patiently(work, new AbortController().signal);
  await vi.advanceTimersByTimeAsync(10);
  dispatchEvent(new Event("online"));
  await expect(result).resolves.toBe(2);
});

test("a lasting refusal is not repeated", async () => {
  const work = vi.fn(async () => {
    throw refusal("revoked");
  });
  await expect(patiently(work, new AbortController().signal)).rejects.toMatchObject({ code: "revoked" });
  expect(work).toHaveBeenCalledTimes(1);
});

test("leaving the page ends the waiting", async () => {
  const gone = new AbortController();
  const result = patiently(async () => {
    throw refusal("unavailable");
  }, gone.signal);
  const ended = expect(result).rejects.toBeDefined();
  await vi.advanceTimersByTimeAsync(10);
  gone.abort();
  await ended;
});
