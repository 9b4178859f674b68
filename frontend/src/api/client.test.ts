import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ApiError, address, api } from "./client";
import { signedIn, signedOut, staffSession, staffToken } from "./session";
import type { TokenOut, UserOut } from "./types";

const ANA: UserOut = {
  id: "1",
  email: "ana@clinic.example",
  name: "Ana",
  role: "doctor",
  slug: "ana",
  council: null,
  disabled: false,
  second_factor: false,
  pending: null,
  letter: null,
  created_at: "2026-11-22T00:00:00Z",
};
const tokenOf = (access_token: string): TokenOut => ({
  access_token,
  token_type: "bearer",
  expires_in: 600,
  must_enrol: false,
  refresh_token: null,
  user: ANA,
});

type Answer = (request: Request) => Response | Promise<Response>;
const json = (status: number, body: unknown) => new Response(JSON.stringify(body), { status });
const problem = (status: number, code: string) => json(status, { status, code });

/** A server of two doors: what it was asked is kept, so that a test can look. */
function serve(answer: Answer): Request[] {
  const asked: Request[] = [];
  vi.stubGlobal("fetch", async (path: string, init: RequestInit) => {
    const request = new Request(new URL(path, "http://clinic.example"), init);
    asked.push(request.clone());
    return answer(request);
  });
  return asked;
}

const bearerOf = (request: Request) => request.headers.get("Authorization");
const isRefresh = (request: Request) => request.url.endsWith("/api/auth/refresh");

beforeEach(() => {
  vi.stubGlobal("navigator", { locks: { request: (_: string, work: () => unknown) => work() } });
});
afterEach(() => {
  signedOut();
  vi.unstubAllGlobals();
});

test("a change carries the header, the bearer and JSON", async () => {
  signedIn(tokenOf("a1"));
  const [request] = [serve(() => json(201, { id: "r" }))];
  await api.post("/rooms", { patient: { name: "Bia", email: null } });
  const sent = request[0];
  expect(sent?.headers.get("X-Teleconsulta")).toBe("1");
  expect(sent && bearerOf(sent)).toBe("Bearer a1");
  expect(await sent?.json()).toEqual({ patient: { name: "Bia", email: null } });
});

test("a link's call carries nobody's bearer", async () => {
  signedIn(tokenOf("a1"));
  const asked = serve(() => json(200, {}));
  await api.post("/invitations/preview", { token: "t" }, { as: "none" });
  expect(asked[0] && bearerOf(asked[0])).toBeNull();
});

describe("an expired access token", () => {
  const renewing: Answer = (request) => {
    if (isRefresh(request)) return json(200, tokenOf("a2"));
    return bearerOf(request) === "Bearer a2" ? json(200, { items: [] }) : problem(401, "expired");
  };

  test("is renewed once, silently", async () => {
    signedIn(tokenOf("a1"));
    const asked = serve(renewing);
    await expect(api.get("/rooms")).resolves.toEqual({ items: [] });
    expect(asked.filter(isRefresh)).toHaveLength(1);
    expect(staffToken()).toBe("a2");
  });

  test("is renewed once for many requests at the same time", async () => {
    signedIn(tokenOf("a1"));
    const asked = serve(renewing);
    await Promise.all([api.get("/rooms"), api.get("/calls"), api.get("/users")]);
    expect(asked.filter(isRefresh)).toHaveLength(1);
  });

  test("stays refused when the cookie is no good any more, and signs out", async () => {
    signedIn(tokenOf("a1"));
    serve((request) => problem(401, isRefresh(request) ? "session_ended" : "expired"));
    await expect(api.get("/rooms")).rejects.toMatchObject({ code: "expired" });
    expect(staffSession.get().is).toBe("out");
  });

  test("does not sign out when the server only sleeps", async () => {
    signedIn(tokenOf("a1"));
    serve((request) => (isRefresh(request) ? problem(503, "unavailable") : problem(401, "expired")));
    await expect(api.get("/rooms")).rejects.toMatchObject({ code: "expired" });
    expect(staffSession.get().is).toBe("in");
  });
});

test("a wrong password is not renewed", async () => {
  const asked = serve(() => problem(401, "invalid_credentials"));
  await expect(api.post("/auth/login", {}, { as: "none" })).rejects.toMatchObject({
    code: "invalid_credentials",
  });
  expect(asked).toHaveLength(1);
});

test("two tabs never rotate the cookie at once: the refresh runs under a lock", async () => {
  const held: string[] = [];
  vi.stubGlobal("navigator", {
    locks: {
      request: (name: string, work: () => unknown) => {
        held.push(name);
        return work();
      },
    },
  });
  signedIn(tokenOf("a1"));
  serve((request) => (isRefresh(request) ? json(200, tokenOf("a2")) : problem(401, "expired")));
  await api.get("/rooms").catch(() => undefined);
  expect(held).toEqual(["teleconsulta-refresh"]);
});

describe("what is no problem+json", () => {
  test("a gateway's error page counts as unavailable, with its Retry-After", async () => {
    serve(() => new Response("<html>", { status: 502, headers: { "Retry-After": "7" } }));
    const error = await api.get("/config", { as: "none" }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ code: "unavailable", retryAfter: 7 });
  });

  test("no answer at all is offline", async () => {
    serve(() => Promise.reject(new TypeError("network")));
    await expect(api.get("/config", { as: "none" })).rejects.toMatchObject({ code: "offline", status: 0 });
  });
});

test("an answer that never comes counts as offline, too", async () => {
  const late = new DOMException("signal timed out", "TimeoutError");
  serve(() => Promise.reject(late));
  await expect(api.get("/config", { as: "none" })).rejects.toMatchObject({ code: "offline" });
});

test("an address leaves out what is empty", () => {
  expect(address("/calls", { patient: "José & cia", from: "", cursor: null, limit: 50 })).toBe(
    "/api/calls?patient=Jos%C3%A9+%26+cia&limit=50",
  );
});

test("a page of another site, whose browser keeps no cookie, renews by the token it holds, and the newest one", async () => {
  signedIn({ ...tokenOf("a1"), refresh_token: "r1" });
  let rooms = 0;
  const asked = serve((request) => {
    if (isRefresh(request)) return json(200, { ...tokenOf("a2"), refresh_token: "r2" });
    rooms += 1;
    return rooms % 2 ? problem(401, "expired") : json(200, []);
  });
  await api.get("/rooms");
  await api.get("/rooms");
  const held = await Promise.all(asked.filter(isRefresh).map((request) => request.json()));
  expect(held).toEqual([{ refresh_token: "r1" }, { refresh_token: "r2" }]);
});
