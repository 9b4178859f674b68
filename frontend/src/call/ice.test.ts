import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { IceServers, readOverride } from "./ice";

const NOW = Date.parse("2026-01-01T12:00:00Z");
const inSeconds = (seconds: number) => new Date(NOW + seconds * 1_000).toISOString();
const supply = (urls: string, seconds: number) => ({
  ice_servers: [{ urls }],
  expires_at: inSeconds(seconds),
});

beforeEach(() => {
  vi.useFakeTimers({ now: NOW });
});
afterEach(() => {
  vi.useRealTimers();
});

test("credentials that live long enough are used as they are", async () => {
  const ice = new IceServers(() => Promise.reject(new Error("not to be asked")));
  ice.set(supply("turn:old", 600));
  expect(await ice.fresh()).toEqual([{ urls: "turn:old" }]);
});

test("those that are about to die are renewed, once for all who ask", async () => {
  let asked = 0;
  const ice = new IceServers(async () => {
    asked += 1;
    return supply("turn:new", 600);
  });
  ice.set(supply("turn:old", 30));
  await Promise.all([ice.fresh(), ice.fresh()]);
  expect([asked, ice.get()]).toEqual([1, [{ urls: "turn:new" }]]);
});

test.each([
  ["fails", () => Promise.reject(new Error("offline"))],
  ["hangs", () => new Promise<never>(() => undefined)],
])("when the renewal %s, the old ones must do", async (_, fetch) => {
  const ice = new IceServers(fetch);
  ice.set(supply("turn:old", 30));
  const got = ice.fresh();
  await vi.advanceTimersByTimeAsync(3_000);
  expect(await got).toEqual([{ urls: "turn:old" }]);
});

test("the override of tests wins", async () => {
  expect(readOverride("")).toBeNull();
  expect(readOverride("stun:x")).toEqual([{ urls: "stun:x" }]);
  const ice = new IceServers(() => Promise.reject(new Error("not to be asked")), readOverride("turn:x|u|c"));
  ice.set(supply("turn:old", 0));
  expect(await ice.fresh()).toEqual([{ urls: "turn:x", username: "u", credential: "c" }]);
});
