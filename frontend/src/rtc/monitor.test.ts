import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Watch } from "./fake-watch";

let watch: Watch;

beforeEach(() => {
  vi.useFakeTimers();
  watch = new Watch();
});
afterEach(() => {
  watch.monitor.stop();
  vi.useRealTimers();
});

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const interruptions = () =>
  watch.monitor
    .report()
    ?.interruptions.map(({ id, cause, durationMs, restarts }) => [id, cause, durationMs, restarts]);

describe("looking", () => {
  test("four times a second, ten times right after a change of the network", async () => {
    await pass(10_000);
    expect(watch.connection.looks).toBe(40);
    watch.monitor.nudge();
    await pass(0);
    expect(watch.connection.looks).toBe(41);
    await pass(5_000);
    expect(watch.connection.looks).toBe(91);
    await pass(5_000);
    watch.connection.looks = 0;
    await pass(10_000);
    expect(watch.connection.looks).toBe(40);
  });

  test("ends when it is stopped", async () => {
    await watch.run();
    watch.monitor.stop();
    watch.monitor.nudge();
    const { looks } = watch.connection;
    await pass(10_000);
    expect(watch.connection.looks).toBe(looks);
  });

  test("one that is stopped in the middle decides nothing", async () => {
    await watch.run();
    watch.connection.connectionState = "failed";
    watch.monitor.nudge();
    watch.monitor.stop();
    await pass(1_000);
    expect([watch.events, watch.silent]).toEqual([[], false]);
  });
});

test("an address that goes is answered sooner than a silence", async () => {
  await watch.run();
  watch.connection.connectionState = "disconnected";
  watch.connection.flowing = false;
  await pass(500);
  expect([watch.events[0], watch.count("ask hastily"), watch.count("restart")]).toEqual([
    "ask hastily",
    1,
    1,
  ]);
});

describe("silence", () => {
  test("is asked about, believed, and answered by a restart", async () => {
    await watch.run();
    watch.connection.flowing = false;
    await pass(1_000);
    expect([watch.count("ask") > 0, watch.count("restart"), watch.silent]).toEqual([true, 0, false]);
    await pass(500);
    expect([watch.count("restart"), watch.silent]).toEqual([1, true]);
    await pass(5_000);
    expect(watch.count("restart")).toBe(1);
  });

  test("a way that stands again is greeted when something comes over it", async () => {
    await watch.run();
    watch.connection.flowing = false;
    await pass(2_000);
    expect(watch.silent).toBe(true);
    watch.connection.checking = true;
    await pass(2_000);
    expect([watch.silent, watch.count("back")]).toEqual([false, 0]);
    watch.connection.flowing = true;
    await pass(250);
    expect(watch.count("back")).toBe(1);
    await pass(5_000);
    expect(watch.count("back")).toBe(1);
  });

  test("is believed sooner after a change of the network", async () => {
    await watch.run();
    watch.monitor.nudge();
    watch.connection.flowing = false;
    await pass(300);
    expect([watch.count("ask") > 0, watch.count("restart")]).toEqual([true, 0]);
    await pass(200);
    expect(watch.count("restart")).toBe(1);
  });

  test("a change of the network alone restarts nothing", async () => {
    await watch.run();
    watch.monitor.nudge();
    await pass(15_000);
    expect([watch.events, watch.monitor.report()?.interruptions]).toEqual([[], []]);
  });

  test("means nothing when they change what they send", async () => {
    await watch.run();
    watch.monitor.expectChange();
    watch.connection.flowing = false;
    await pass(5_000);
    expect([watch.events, watch.silent]).toEqual([[], false]);
  });

  test("a restart that signaling does not carry is no attempt: it is tried again at once", async () => {
    await watch.run();
    watch.lineUp = false;
    watch.connection.flowing = false;
    await pass(2_400);
    expect(watch.count("restart")).toBeGreaterThan(1);
    expect(interruptions()).toEqual([["i1", "silence", null, 0]]);
    watch.lineUp = true;
    watch.events.length = 0;
    await pass(5_000);
    expect(watch.count("restart")).toBe(1);
  });

  test("when the other side restarts, ours waits", async () => {
    await watch.run();
    watch.connection.flowing = false;
    watch.connection.connectionState = "disconnected";
    watch.monitor.yield();
    await pass(2_900);
    expect(watch.count("restart")).toBe(0);
    await pass(500);
    expect(watch.count("restart")).toBe(1);
  });

  test("a connection that fails again and again is given up", async () => {
    await watch.run();
    watch.connection.connectionState = "failed";
    await pass(30_000);
    expect([watch.count("restart"), watch.count("hopeless")]).toEqual([3, 0]);
    await pass(5_000);
    expect([watch.count("restart"), watch.count("hopeless") > 0]).toEqual([3, true]);
  });

  test("unless nobody here can make a new one: then it is tried on", async () => {
    await watch.run();
    watch.rebuilds = false;
    watch.connection.connectionState = "failed";
    await pass(35_000);
    expect(watch.count("restart")).toBe(4);
  });
});

describe("interruptions", () => {
  test("are told while they last, and again when they are over", async () => {
    await watch.run();
    watch.connection.flowing = false;
    await pass(3_000);
    expect(interruptions()).toEqual([["i1", "silence", null, 1]]);
    watch.connection.flowing = true;
    await pass(250);
    expect(interruptions()).toEqual([["i1", "silence", 3_250, 1]]);
    await pass(1_000);
    expect(interruptions()).toEqual([]);
  });

  test("know that the network had changed, and count their restart with ours", async () => {
    await watch.run();
    watch.monitor.nudge();
    watch.connection.flowing = false;
    await pass(1_000);
    watch.monitor.yield();
    await pass(500);
    expect(interruptions()).toEqual([["i1", "network_changed", null, 2]]);
  });

  test("of less than a second are not kept", async () => {
    await watch.run();
    watch.monitor.nudge();
    watch.connection.flowing = false;
    await pass(700);
    expect(watch.silent).toBe(true);
    watch.connection.flowing = true;
    await pass(2_000);
    expect(interruptions()).toEqual([]);
  });

  test("restarts are counted in the figures of their time alone", async () => {
    expect(watch.monitor.report()).toBeNull();
    await watch.run();
    watch.connection.flowing = false;
    await pass(3_000);
    expect(watch.monitor.report()?.figures.restarts).toBe(1);
    await pass(1_000);
    expect(watch.monitor.report()?.figures.restarts).toBe(0);
    expect(watch.monitor.report()).toBeNull();
  });

  test.each([
    ["after 0.8 s lacks a picture", 800, 1],
    ["after less does not", 700, 0],
  ])("who is back %s", async (_, lasts, backs) => {
    await watch.run();
    watch.monitor.nudge();
    await pass(50);
    watch.connection.flowing = false;
    // The last packets came with the look before, and the next come just before a look.
    await pass(lasts - 100);
    expect(watch.silent).toBe(true);
    watch.connection.flowing = true;
    await pass(200);
    expect([watch.silent, watch.count("back")]).toEqual([false, backs]);
  });
});
