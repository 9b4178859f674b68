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
const scales = () => watch.shapes.map(({ scale }) => scale);

describe("the ladder", () => {
  test("waits until a connection that has just come up is settled", async () => {
    watch.connection.available = 50_000;
    await pass(3_000);
    expect(watch.shapes).toEqual([]);
    await pass(1_000);
    expect(watch.shapes.map(({ video }) => video)).toEqual([false]);
  });

  test("waits again after an interruption", async () => {
    await watch.run();
    watch.connection.flowing = false;
    await pass(2_000);
    watch.connection.available = 50_000;
    await pass(5_000);
    watch.connection.flowing = true;
    await pass(3_000);
    expect(watch.shapes).toEqual([]);
    await pass(1_000);
    expect(watch.shapes.length).toBe(1);
  });

  test("steps down after two looks at a collapse, not after one", async () => {
    await watch.run();
    watch.connection.available = 50_000;
    await pass(250);
    watch.connection.available = 2_000_000;
    await pass(250);
    watch.connection.available = 50_000;
    await pass(250);
    expect(watch.shapes).toEqual([]);
    await pass(250);
    expect(watch.shapes).toMatchObject([{ video: false, sound: { rate: "lean", redundant: false } }]);
  });

  test("a collapse that the measured room belies is none", async () => {
    watch.connection.bytes = 2_000;
    await watch.run();
    watch.room = 2_000_000;
    watch.connection.available = 50_000;
    await pass(10_000);
    expect(watch.shapes).toEqual([]);
    expect(watch.count("room")).toBe(1);
    await pass(1_000);
    expect(watch.count("room"), "every ten seconds").toBe(2);
  });

  test("a collapse far below what is sent is not measured", async () => {
    await watch.run();
    watch.room = 2_000_000;
    watch.connection.available = 50_000;
    await pass(500);
    expect(watch.shapes).toMatchObject([{ video: false }]);
    expect(watch.count("room")).toBe(0);
  });

  test("a collapse waits for what is measured, and is one when no answer comes", async () => {
    watch.connection.bytes = 2_000;
    await watch.run();
    watch.room = 0;
    watch.connection.available = 50_000;
    await pass(750);
    expect(watch.shapes).toEqual([]);
    await pass(250);
    expect(watch.shapes).toMatchObject([{ video: false }]);
  });

  test("a collapse is one as soon as the measured room is small", async () => {
    watch.connection.bytes = 2_000;
    await watch.run();
    watch.room = 50_000;
    watch.connection.available = 50_000;
    await pass(500);
    expect(watch.shapes).toMatchObject([{ video: false }]);
  });

  test("tells a shape when it is another one, and climbs when all is well", async () => {
    await watch.run();
    watch.connection.available = 120_000;
    await pass(4_000);
    expect(scales()).toEqual([4]);
    watch.connection.available = 2_000_000;
    await pass(12_000);
    expect(scales()).toEqual([4, 3]);
  });

  test("a scarce estimate that the measured room belies is none", async () => {
    watch.connection.bytes = 3_500;
    await watch.run();
    watch.room = 2_000_000;
    watch.connection.available = 120_000;
    await pass(60_000);
    expect(scales()).toEqual([]);
    expect(watch.count("room")).toBeGreaterThan(1);
  });

  test("the room is measured before the picture comes back, and again when there was none", async () => {
    await watch.run();
    watch.room = 50_000;
    watch.connection.available = 50_000;
    await pass(500);
    watch.events.length = 0;
    watch.connection.available = 2_000_000;
    await pass(14_000);
    expect(watch.count("room")).toBe(1);
    await pass(12_000);
    expect(watch.count("room")).toBe(2);
    expect(watch.shapes.map(({ video }) => video)).toEqual([false]);
    watch.room = 200_000;
    await pass(12_000);
    expect(watch.shapes.map(({ video }) => video)).toEqual([false, true]);
  });

  test("what is mostly sent again for a second puts the picture away", async () => {
    await watch.run();
    watch.connection.again = 0.9;
    await pass(500);
    watch.connection.again = 0;
    await pass(1_000);
    expect(watch.shapes).toEqual([]);
    watch.connection.again = 0.7;
    await pass(750);
    expect(watch.shapes).toEqual([]);
    await pass(250);
    expect(watch.shapes).toMatchObject([{ video: false, sound: { rate: "thin" } }]);
  });

  test("what is sent again over another way is what the old one lost", async () => {
    await watch.run();
    watch.connection.pair = "q";
    watch.connection.again = 0.9;
    await pass(2_500);
    expect(watch.shapes).toEqual([]);
    await pass(2_000);
    expect(watch.shapes).toMatchObject([{ video: false }]);
  });

  test("the room for a whole picture is told once", async () => {
    watch.connection.available = 1_199_999;
    await pass(1_000);
    expect(watch.count("roomy")).toBe(0);
    watch.connection.available = 1_200_000;
    await pass(5_000);
    expect(watch.count("roomy")).toBe(1);
  });
});

test("received sound waits when much is lost, and is told so once", async () => {
  await watch.run();
  expect(watch.playouts).toEqual([]);
  watch.connection.losing = 1;
  await pass(8_000);
  expect(watch.playouts).toEqual([300]);
  watch.connection.losing = 0;
  await pass(30_000);
  expect(watch.playouts).toEqual([300, null]);
});

test("received sound waits while a picture is put away", async () => {
  await watch.run();
  watch.starved = true;
  await pass(2_000);
  expect(watch.playouts).toEqual([300]);
});

describe("what is shown", () => {
  test("speaking holds over the pauses between words", async () => {
    watch.connection.level = 0.3;
    await pass(250);
    expect(watch.speaking).toBe(true);
    watch.connection.level = 0;
    await pass(500);
    expect(watch.speaking).toBe(true);
    await pass(500);
    expect(watch.speaking).toBe(false);
  });

  test("a quality every two seconds, of a connection that stands", async () => {
    await pass(10_000);
    expect(watch.qualities.map(({ grade }) => grade)).toEqual(["good", "good", "good", "good"]);
    watch.connection.connectionState = "connecting";
    await pass(10_000);
    expect(watch.qualities.length).toBe(4);
  });
});
