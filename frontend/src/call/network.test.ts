import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { NO_MEDIA } from "../rtc/types";
import { MemoryPort, MemoryRoom } from "../signaling/memory";
import type { CommandName } from "../signaling/port";
import type { Ack, ClientEvents } from "../signaling/protocol";
import { onNetworkChange, signOfLife } from "./network";

const OK = { ok: true } as const;
const no = (code: "timeout" | "offline" | "rate_limited") => ({ ok: false, code, message: code }) as const;

/** A line that answers when it is told to. */
class Line extends MemoryPort {
  readonly asked: [event: CommandName, timeoutMs: number | undefined][] = [];
  resets = 0;
  answer: (ack: Ack<"media_state">) => void = () => undefined;

  override send<E extends CommandName>(event: E, _: ClientEvents[E], timeoutMs?: number): Promise<Ack<E>> {
    this.asked.push([event, timeoutMs]);
    return new Promise((resolve) => {
      this.answer = (ack) => resolve(ack as Ack<E>);
    });
  }
  override reset(): void {
    this.resets += 1;
    super.reset();
  }
}

let line: Line;
let ask: ReturnType<typeof signOfLife>;

beforeEach(() => {
  vi.useFakeTimers();
  const ana = { id: "ana", name: "Ana", role: "doctor" } as const;
  line = new Line(new MemoryRoom(), ana, () => ({ protocol: 1, room_id: "r" }));
  ask = signOfLife(line, () => NO_MEDIA);
});
afterEach(() => {
  vi.useRealTimers();
});

/** Online for so long that it has to be asked. */
function cold(): void {
  line.open();
  vi.advanceTimersByTime(800);
}

describe("a sign of life", () => {
  test("is not asked of a line that is away", async () => {
    expect(await ask()).toBe(false);
    expect(line.asked).toEqual([]);
  });

  test("is asked once for all who want to know, and shortly", async () => {
    cold();
    const [first, second] = [ask(), ask()];
    line.answer(OK);
    expect(await Promise.all([first, second])).toEqual([true, true]);
    expect(line.asked).toEqual([["media_state", 1_000]]);
  });

  test("has less time when the device's address has gone", () => {
    cold();
    void ask(true);
    expect(line.asked).toEqual([["media_state", 600]]);
  });

  test("is not asked of a line that has just come up, or just answered", async () => {
    line.open();
    vi.advanceTimersByTime(799);
    expect([await ask(), line.asked.length]).toEqual([true, 0]);
    vi.advanceTimersByTime(1);
    const asked = ask();
    line.answer(OK);
    expect([await asked, line.asked.length]).toEqual([true, 1]);
    vi.advanceTimersByTime(799);
    expect([await ask(), line.asked.length]).toEqual([true, 1]);
    vi.advanceTimersByTime(1);
    void ask();
    expect(line.asked.length).toBe(2);
  });

  test.each([
    ["a refusal is an answer", no("rate_limited"), true, 0],
    ["none in time: the line is dropped and made anew", no("timeout"), false, 1],
    ["offline: it is being made already", no("offline"), false, 0],
  ])("%s", async (_, ack, alive, resets) => {
    cold();
    const asked = ask();
    line.answer(ack);
    expect([await asked, line.resets]).toEqual([alive, resets]);
  });

  test("a line that was lost while it was asked is not up, whatever it said", async () => {
    cold();
    const asked = ask();
    line.cut();
    line.answer(OK);
    expect(await asked).toBe(false);
  });

  test("after silence it is asked again", async () => {
    cold();
    const silent = ask();
    line.answer(no("timeout"));
    await silent;
    vi.advanceTimersByTime(800);
    const asked = ask();
    line.answer(OK);
    expect([await asked, line.asked.length]).toEqual([true, 2]);
  });
});

test("a change of the network is heard until nobody listens", () => {
  const browser = new EventTarget();
  const connection = new EventTarget();
  vi.stubGlobal("addEventListener", browser.addEventListener.bind(browser));
  vi.stubGlobal("removeEventListener", browser.removeEventListener.bind(browser));
  vi.stubGlobal("navigator", { connection });
  let heard = 0;
  const stop = onNetworkChange(() => {
    heard += 1;
  });
  browser.dispatchEvent(new Event("online"));
  connection.dispatchEvent(new Event("change"));
  expect(heard).toBe(2);
  stop();
  browser.dispatchEvent(new Event("online"));
  connection.dispatchEvent(new Event("change"));
  vi.unstubAllGlobals();
  expect(heard).toBe(2);
});
