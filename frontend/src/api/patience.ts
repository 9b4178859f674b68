/** Trying again while the server wakes up, so that one click is never lost. */
import { config } from "../config";
import { ApiError } from "./client";

const ASKED_MS = 3_000;
const PASSING = new Set(["unavailable", "offline", "rate_limited"]);

/** Seconds before attempt number `attempt` (from 1): what the server asks for, else 1, 2, 4, 8, 8... */
export function waitBefore(attempt: number, asked: number | null): number {
  return asked ?? Math.min(2 ** (attempt - 1), 8);
}

/**
 * Where the page's own files come from another origin than the answers: whether that one answers. Then the internet is
 * there, and it is the server that sleeps.
 */
async function pageAnswers(): Promise<boolean> {
  if (!/^https?:/.test(config.apiBase)) return false;
  const asked = fetch("/", { method: "HEAD", cache: "no-store", signal: AbortSignal.timeout(ASKED_MS) });
  return asked.then(
    (answer) => answer.ok,
    () => false,
  );
}

function pause(seconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(done, seconds * 1000);
    function done(): void {
      signal.removeEventListener("abort", stop);
      removeEventListener("online", done);
      clearTimeout(timer);
      resolve();
    }
    function stop(): void {
      removeEventListener("online", done);
      clearTimeout(timer);
      reject(signal.reason);
    }
    signal.addEventListener("abort", stop, { once: true });
    addEventListener("online", done, { once: true });
  });
}

/**
 * Does `work` until it answers or refuses for a lasting reason. `onWaiting` hears the passing code before each
 * pause. Ends with the signal's reason when that is aborted.
 */
export async function patiently<T>(
  work: () => Promise<T>,
  signal: AbortSignal,
  onWaiting: (code: string) => void = () => undefined,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof ApiError) || !PASSING.has(error.code)) throw error;
      onWaiting(error.code === "offline" && (await pageAnswers()) ? "unavailable" : error.code);
      await pause(waitBefore(attempt, error.retryAfter), signal);
    }
  }
}
