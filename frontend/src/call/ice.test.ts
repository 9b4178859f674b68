import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
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

describe("kept fresh", () => {
  /** Servers whose credentials live as long as each answer says, in seconds; null is a failure. */
  function kept(...lives: (number | null)[]) {
    let asked = 0;
    const ice = new IceServers(async () => {
      const life = lives[asked];
      asked += 1;
      if (life === null || life === undefined) throw new Error("offline");
      return {
        ice_servers: [{ urls: `turn:${asked}` }],
        expires_at: new Date(Date.now() + life * 1_000).toISOString(),
      };
    });
    return { ice, stop: ice.keep(), asked: () => asked };
  }
  const pass = (seconds: number) => vi.advanceTimersByTimeAsync(seconds * 1_000);

  test("new ones are fetched when four fifths of their life are over, and again", async () => {
    const { ice, asked } = kept(1_000, 1_000);
    ice.set(supply("turn:old", 600));
    await pass(479);
    expect(asked()).toBe(0);
    await pass(1);
    expect([asked(), ice.get()]).toEqual([1, [{ urls: "turn:1" }]]);
    await pass(799);
    expect(asked()).toBe(1);
    await pass(1);
    expect([asked(), ice.get()]).toEqual([2, [{ urls: "turn:2" }]]);
  });

  test("what was set before is kept, too", async () => {
    const ice = new IceServers(async () => supply("turn:new", 6_000));
    ice.set(supply("turn:old", 600));
    ice.keep();
    await pass(480);
    expect(ice.get()).toEqual([{ urls: "turn:new" }]);
  });

  test.each([
    ["ten minutes slow", -600, 480],
    ["ten minutes fast", 600, 480],
  ])("on a clock that is %s they are not renewed sooner or later", async (_, wrong, at) => {
    const { ice, asked } = kept(600);
    // The server's time, where this device believes it is NOW.
    const server = (seconds: number) => inSeconds(seconds - wrong);
    ice.set({ ice_servers: [], expires_at: server(600) }, server(0));
    await pass(at - 1);
    expect(asked()).toBe(0);
    await pass(1);
    expect(asked()).toBe(1);
  });

  test("the clock's difference stands for what is fetched later", async () => {
    let asked = 0;
    const ice = new IceServers(async () => {
      asked += 1;
      return { ice_servers: [], expires_at: inSeconds(1_080 + 600) };
    });
    ice.set({ ice_servers: [], expires_at: inSeconds(1_200) }, inSeconds(600));
    ice.keep();
    await pass(480);
    expect(asked).toBe(1);
    await pass(479);
    expect(asked).toBe(1);
    await pass(1);
    expect(asked).toBe(2);
  });

  test("after a failure they are asked for again every quarter of a minute", async () => {
    const { ice, asked } = kept(null, null, 600);
    ice.set(supply("turn:old", 600));
    await pass(480);
    expect([asked(), ice.get()]).toEqual([1, [{ urls: "turn:old" }]]);
    await pass(15);
    expect(asked()).toBe(2);
    await pass(15);
    expect([asked(), ice.get()]).toEqual([3, [{ urls: "turn:3" }]]);
    await pass(479);
    expect(asked()).toBe(3);
  });

  test("those that come dead are asked for again later, not at once", async () => {
    const { ice, asked } = kept(-1, 600);
    ice.set(supply("turn:old", 600));
    await pass(494);
    expect(asked()).toBe(1);
    await pass(1);
    expect(asked()).toBe(2);
  });

  test.each([
    ["are without end", { ice_servers: [], expires_at: null }, null],
    ["are the override's", supply("turn:old", 600), readOverride("turn:x")],
  ])("those that %s are not", async (_, what, override) => {
    let asked = 0;
    const fetch = async () => {
      asked += 1;
      return what;
    };
    const ice = new IceServers(fetch, override);
    ice.keep();
    ice.set(what);
    await pass(6_000);
    expect(asked).toBe(0);
  });

  test("until it is stopped", async () => {
    const { ice, stop, asked } = kept(600);
    ice.set(supply("turn:old", 600));
    stop();
    ice.set(supply("turn:old", 600));
    await pass(6_000);
    expect(asked()).toBe(0);
  });

  test("stopping also forgets what a failure had left to be done", async () => {
    const { ice, stop, asked } = kept(null, 600);
    ice.set(supply("turn:old", 50));
    await ice.fresh();
    expect(asked()).toBe(1);
    stop();
    await pass(6_000);
    expect(asked()).toBe(1);
  });
});
