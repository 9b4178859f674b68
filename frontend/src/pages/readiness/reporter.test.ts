import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ApiError } from "../../api/client";
import { Value } from "../../components/use-watched";
import { Reporter } from "./reporter";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const link = { session: null, token: "link" };
const settled = () => vi.advanceTimersByTimeAsync(0);

test("a word is said once, and taken back once", async () => {
  const tell = vi.fn(async () => undefined);
  const reporter = new Reporter(tell);
  for (const cause of [null, "no_device", "no_device", null, null] as const) reporter.say(link, cause, false);
  await settled();
  expect(tell.mock.calls).toEqual([
    ["link", "no_device", false],
    ["link", null, false],
  ]);
});

test("where there is a socket the link is silent, and speaks when the socket fails", async () => {
  const tell = vi.fn(async () => undefined);
  const said = vi.fn(async () => ({ ok: true as const }));
  const server = new Value<"online" | "reconnecting">("online");
  const voice = { session: { server, tell: said }, token: "link" };
  const reporter = new Reporter(tell);
  reporter.say(voice, "silent_microphone", false);
  await settled();
  expect([said.mock.calls.length, tell.mock.calls.length]).toEqual([1, 0]);
  server.set("reconnecting");
  reporter.say(voice, "websocket_blocked", true);
  await settled();
  expect(tell).toHaveBeenCalledWith("link", "websocket_blocked", true);
});

test("without a network it is tried until it arrives, and only the last word", async () => {
  let up = false;
  const arrived: unknown[] = [];
  const reporter = new Reporter(async (_token, cause) => {
    if (!up) throw new ApiError({ status: 0, code: "offline" });
    arrived.push(cause);
  });
  reporter.say(link, "offline", false);
  await vi.advanceTimersByTimeAsync(4_000);
  reporter.say(link, "camera_busy", false);
  up = true;
  await vi.advanceTimersByTimeAsync(4_000);
  expect(arrived).toEqual(["camera_busy"]);
});
