import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Overtake } from "./overtake";

/** Each probe's own answer, to be given when the test says so. */
let probes: ((answer: Response | null) => void)[];
let again: number;
let overtake: Overtake;

beforeEach(() => {
  vi.useFakeTimers();
  probes = [];
  again = 0;
  const fetch = () =>
    new Promise<Response>((resolve, reject) => {
      probes.push((answer) => (answer ? resolve(answer) : reject(new TypeError("no network"))));
    });
  overtake = new Overtake({
    url: "/healthz",
    fetch,
    again: () => {
      again += 1;
      overtake.watch();
    },
  });
});
afterEach(() => {
  overtake.stop();
  vi.useRealTimers();
});

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const OK = () => new Response(null, { status: 200 });

test("a connect has a second to itself", async () => {
  overtake.watch();
  await pass(999);
  expect(probes.length).toBe(0);
  await pass(1);
  expect(probes.length).toBe(1);
});

test.each<[string, () => Response | null, number]>([
  ["that comes and goes begins the connect anew", OK, 1],
  ["that fails does not", () => null, 0],
  ["that the server cannot serve does not", () => new Response(null, { status: 503 }), 0],
])("a later request %s", async (_, answer, expected) => {
  overtake.watch();
  await pass(1_000);
  probes[0]?.(answer());
  await pass(0);
  expect(again).toBe(expected);
});

test("a request that was sent before the connect says nothing about it", async () => {
  overtake.watch();
  await pass(1_000);
  overtake.watch();
  probes[0]?.(OK());
  await pass(0);
  expect(again).toBe(0);
});

test("of several under way only one begins it anew", async () => {
  overtake.watch();
  await pass(2_000);
  for (const answer of probes) answer(OK());
  await pass(0);
  expect([probes.length, again]).toEqual([2, 1]);
});

test("while it is watched it is asked every second", async () => {
  overtake.watch();
  await pass(5_000);
  expect(probes.length).toBe(5);
});

test("a server that answers requests but no sockets is not stormed, and a slow one is given time", async () => {
  overtake.watch();
  const times: number[] = [];
  for (let second = 1; second <= 60; second += 1) {
    await pass(1_000);
    const before = again;
    for (const answer of probes.splice(0)) answer(OK());
    await pass(0);
    if (again > before) times.push(second);
  }
  expect(times).toEqual([1, 4, 10, 22, 34, 46, 58]);
});

test("once it came up, the next one begins with the shortest pause", async () => {
  for (const _ of [1, 2]) {
    again = 0;
    overtake.watch();
    await pass(4_500);
    for (const answer of probes.splice(0)) answer(OK());
    await pass(4_500);
    for (const answer of probes.splice(0)) answer(OK());
    await pass(0);
    expect(again).toBe(2);
    overtake.stop();
    await pass(12_000);
  }
});

test("a connect that has come up is left alone, also by requests under way", async () => {
  overtake.watch();
  await pass(1_000);
  overtake.stop();
  probes[0]?.(OK());
  await pass(60_000);
  expect([probes.length, again]).toEqual([1, 0]);
});
