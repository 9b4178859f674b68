/** One thin door to the REST API: bearer from memory, one silent renewal, problems as `ApiError`. */
import { learnTime } from "../clock";
import { config } from "../config";
import { renewStaff, staffToken } from "./session";
import type { Problem } from "./types";

/** What the server refused, by its stable `code`; `offline` is ours: no answer came at all. */
export class ApiError extends Error {
  readonly code: string;
  readonly status: number;
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail ?? problem.title ?? problem.code);
    this.name = "ApiError";
    this.code = problem.code;
    this.status = problem.status;
    this.problem = problem;
  }

  /** Seconds the server asks to wait, or null. */
  get retryAfter(): number | null {
    return this.problem.retry_after ?? null;
  }
}

/** The code of anything thrown by `api`; a programming error counts as `unknown`. */
export function codeOf(error: unknown): string {
  return error instanceof ApiError ? error.code : "unknown";
}

export interface Wish {
  /** Sent as JSON, a `Blob` as what it is. */
  body?: unknown;
  query?: Record<string, string | number | null | undefined>;
  /** `staff` (default) sends the signed-in person's token; `none` sends none; else the token itself. */
  as?: "staff" | "none" | { token: string };
  signal?: AbortSignal;
  /** Goes on while the page goes away; for bodies below 64 KiB. */
  keepalive?: boolean;
}

const PATIENCE_MS = 20_000;

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** `path` under /api with its query, leaving out what is empty. */
export function address(path: string, query: Wish["query"] = {}): string {
  const filled = Object.entries(query).filter(
    ([, value]) => value !== null && value !== undefined && value !== "",
  );
  const search = new URLSearchParams(filled.map(([name, value]) => [name, String(value)])).toString();
  return `${config.apiBase}${path}${search ? `?${search}` : ""}`;
}

function bearerOf(as: Wish["as"] = "staff"): string | null {
  if (as === "none") return null;
  return as === "staff" ? staffToken() : as.token;
}

async function send(method: Method, path: string, wish: Wish, bearer: string | null): Promise<Response> {
  const headers = new Headers({ Accept: "application/json" });
  if (bearer) headers.set("Authorization", `Bearer ${bearer}`);
  if (method !== "GET") headers.set("X-Teleconsulta", "1");
  const init: RequestInit = { method, headers, credentials: "include", signal: wish.signal ?? null };
  if (wish.keepalive) init.keepalive = true;
  if (wish.body instanceof Blob) {
    headers.set("Content-Type", wish.body.type);
    init.body = wish.body;
  } else if (wish.body !== undefined) {
    headers.set("Content-Type", "application/json");
    init.body = JSON.stringify(wish.body);
  }
  try {
    const answer = await fetch(address(path, wish.query), init);
    learnTime(answer.headers.get("Date"));
    return answer;
  } catch (error) {
    const late = error instanceof DOMException && error.name === "TimeoutError";
    if (wish.signal?.aborted && !late) throw error;
    throw new ApiError({ status: 0, code: "offline" });
  }
}

async function problemOf(response: Response): Promise<ApiError> {
  const fallback = response.status >= 500 ? "unavailable" : `http_${response.status}`;
  const body = (await response.json().catch(() => ({}))) as Partial<Problem>;
  const asked = Number(response.headers.get("Retry-After"));
  const wait = body.retry_after ?? (asked > 0 ? asked : null);
  return new ApiError({ ...body, status: response.status, code: body.code ?? fallback, retry_after: wait });
}

/** The raw answer (2xx), for what is not JSON. An old staff token is renewed once, silently. */
export async function fetchOk(method: Method, path: string, wish: Wish = {}): Promise<Response> {
  const bearer = bearerOf(wish.as);
  const response = await send(method, path, wish, bearer);
  if (response.ok) return response;
  const error = await problemOf(response);
  const staff = (wish.as ?? "staff") === "staff";
  // Whatever is wrong with the bearer, the cookie decides whether this person is still signed in.
  if (!staff || error.status !== 401) throw error;
  const renewed = await renewStaff(bearer);
  if (!renewed) throw error;
  const again = await send(method, path, wish, renewed.access_token);
  if (again.ok) return again;
  throw await problemOf(again);
}

async function call<T>(method: Method, path: string, wish?: Wish): Promise<T> {
  // A server that takes the question and never answers must not hold the page for ever.
  const response = await fetchOk(method, path, { signal: AbortSignal.timeout(PATIENCE_MS), ...wish });
  if (response.status === 204) return undefined as T;
  return (await response.json()) as T;
}

export const api = {
  get: <T>(path: string, wish?: Wish) => call<T>("GET", path, wish),
  post: <T>(path: string, body: unknown = {}, wish?: Wish) => call<T>("POST", path, { ...wish, body }),
  put: <T>(path: string, body: unknown, wish?: Wish) => call<T>("PUT", path, { ...wish, body }),
  patch: <T>(path: string, body: unknown, wish?: Wish) => call<T>("PATCH", path, { ...wish, body }),
  delete: <T = void>(path: string, wish?: Wish) => call<T>("DELETE", path, wish),
};
