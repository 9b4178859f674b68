import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Interruption, QualityFigures } from "../rtc/types";
import { Value } from "../rtc/value";
import type { LineState, SignalingPort } from "../signaling/port";
import type { AckCode, CallReport } from "../signaling/protocol";
import { interruptionsOf, type Reported, type Reporting, reporting, reportOf, Unconfirmed } from "./report";

const one = (
  connection: RTCPeerConnectionState,
  loss: number | null,
  interruptions: readonly Interruption[] = [],
  firstFrameMs: number | null = null,
): Reported => ({
  connection,
  firstFrameMs,
  measured:
    loss === null ? null : { path: null, figures: { loss_in: loss } as QualityFigures, interruptions },
});

const broken = (id: string, change: Partial<Interruption> = {}): Interruption => ({
  id,
  cause: "silence",
  agoMs: 5_000,
  durationMs: 4_000,
  restarts: 1,
  ...change,
});

test.each([
  ["nobody", [], undefined],
  ["nothing measured", [one("connected", null)], undefined],
  ["the lossier of two", [one("connected", 0.1), one("connected", 0.3)], 0.3],
  ["the broken one", [one("disconnected", 0), one("connected", 0.3)], 0],
])("%s", (_, connections, loss) => expect(reportOf(connections)?.quality.loss_in).toBe(loss));

test("every connection's interruptions are told, whichever speaks", () => {
  const all = [one("connected", 0, [broken("a")]), one("connected", null), one("failed", 0, [broken("b")])];
  expect(interruptionsOf(all).map(({ id }) => id)).toEqual(["a", "b"]);
});

describe("interruptions", () => {
  test("travel in the words of the wire, as old as they are by then", () => {
    const unconfirmed = new Unconfirmed();
    unconfirmed.note([broken("a", { agoMs: 1_200.4, durationMs: 800.6, restarts: 2 })], 10_000);
    expect(unconfirmed.told(13_000)).toEqual([
      { id: "a", cause: "silence", ago_ms: 4_200, duration_ms: 801, restarts: 2 },
    ]);
  });

  test("stay within what the server takes", () => {
    const unconfirmed = new Unconfirmed();
    const many = Array.from({ length: 30 }, (_, index) => broken(`${index}`));
    unconfirmed.note([broken("long", { agoMs: 1e9, durationMs: 1e9, restarts: 5_000 }), ...many], 0);
    const told = unconfirmed.told(0);
    expect([told.length, told[0]]).toEqual([
      20,
      { id: "long", cause: "silence", ago_ms: 86_400_000, duration_ms: 86_400_000, restarts: 1_000 },
    ]);
    unconfirmed.settle(told);
    expect(unconfirmed.told(0).map(({ id }) => id)).toEqual(many.slice(19).map(({ id }) => id));
  });

  test("keep the beginning that was seen first", () => {
    const unconfirmed = new Unconfirmed();
    unconfirmed.note([broken("a", { agoMs: 1_000, durationMs: null })], 10_000);
    unconfirmed.note([broken("a", { agoMs: 11_300, durationMs: 2_000 })], 20_000);
    expect(unconfirmed.told(20_000)).toMatchObject([{ ago_ms: 11_000, duration_ms: 2_000 }]);
  });

  test("are told again when they ended while their beginning was on its way", () => {
    const unconfirmed = new Unconfirmed();
    unconfirmed.note([broken("a", { durationMs: null })], 0);
    const told = unconfirmed.told(0);
    unconfirmed.note([broken("a")], 10);
    unconfirmed.settle(told);
    expect(unconfirmed.told(10)).toMatchObject([{ id: "a", duration_ms: 4_000 }]);
    unconfirmed.settle(unconfirmed.told(10));
    expect(unconfirmed.told(10)).toEqual([]);
  });

  test("are forgotten from the oldest on when nobody ever listens", () => {
    const unconfirmed = new Unconfirmed();
    for (let index = 0; index < 500; index++) unconfirmed.note([broken(`${index}`)], index);
    expect(unconfirmed.told(500)[0]?.id).toBe("300");
  });
});

describe("reporting", () => {
  let sent: CallReport[];
  let answer: { ok: true } | { ok: false; code: AckCode; message: string };
  let state: Value<LineState>;
  let seen: Reported[];
  let call: string | null;
  let reports: Reporting;

  beforeEach(() => {
    vi.useFakeTimers();
    [sent, answer, seen, call] = [[], { ok: true }, [one("connected", 0.1)], null];
    state = new Value<LineState>({ is: "online" });
    const port = {
      state,
      send: (_: string, payload: CallReport) => {
        sent.push(payload);
        return Promise.resolve(answer);
      },
    } as unknown as SignalingPort;
    reports = reporting(
      port,
      () => seen.splice(0),
      () => call,
    );
  });
  afterEach(() => {
    reports.stop();
    vi.useRealTimers();
  });

  const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
  const told = () => sent.map(({ interruptions }) => interruptions?.map(({ id, ago_ms }) => [id, ago_ms]));

  test("begins after three seconds and goes on every ten", async () => {
    await pass(2_999);
    expect(sent.length).toBe(0);
    await pass(1);
    expect(sent).toEqual([{ connection: "connected", path: null, quality: { loss_in: 0.1 } }]);
    seen.push(one("connected", 0.2));
    await pass(9_999);
    expect(sent.length).toBe(1);
    await pass(1);
    expect(sent.length).toBe(2);
  });

  test("asks for no figures while nobody would take them", async () => {
    state.set({ is: "reconnecting" });
    await pass(30_000);
    expect([sent.length, seen.length]).toEqual([0, 1]);
    state.set({ is: "online" });
    await pass(3_000);
    expect([sent.length, seen.length]).toEqual([1, 0]);
  });

  test("tells an interruption until it is confirmed", async () => {
    seen = [one("connected", 0, [broken("a")])];
    answer = { ok: false, code: "timeout", message: "" };
    await pass(3_000);
    seen.push(one("connected", 0));
    answer = { ok: true };
    await pass(10_000);
    seen.push(one("connected", 0));
    await pass(10_000);
    expect(told()).toEqual([[["a", 5_000]], [["a", 15_000]], undefined]);
  });

  test("does not insist on what the server does not understand", async () => {
    seen = [one("connected", 0, [broken("a")])];
    answer = { ok: false, code: "bad_message", message: "" };
    await pass(3_000);
    seen.push(one("connected", 0));
    await pass(10_000);
    expect(told()).toEqual([[["a", 5_000]], undefined]);
  });

  const shown = (ms: number | null) => seen.push(one("connected", 0, [], ms));
  const events = () => sent.map(({ event, first_frame_ms }) => [event, first_frame_ms]);
  const started = "video_call_started";

  test("says that a call has begun until that is confirmed, and no more in this call", async () => {
    [call, seen, answer] = ["a", [], { ok: false, code: "timeout", message: "" }];
    shown(180.4);
    await pass(3_000);
    answer = { ok: true };
    for (let turn = 0; turn < 2; turn++) {
      shown(180.4);
      await pass(10_000);
    }
    call = "b";
    shown(95);
    await pass(10_000);
    expect(events()).toEqual([
      [started, 180],
      [started, 180],
      [undefined, undefined],
      [started, 95],
    ]);
  });

  test("does not wait for a frame for ever", async () => {
    [call, seen] = ["a", []];
    for (const ms of [3_000, 10_000, 10_000]) {
      shown(null);
      await pass(ms);
    }
    expect(events()).toEqual([
      [undefined, undefined],
      [undefined, undefined],
      [started, undefined],
    ]);
  });

  test("has a last word, if there is anything to say", async () => {
    [call, seen] = ["a", []];
    reports.last();
    shown(100);
    reports.last();
    await pass(0);
    expect(events()).toEqual([["video_call_ended", 100]]);
  });
});
