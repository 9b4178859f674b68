import { expect, test } from "vitest";
import { Value } from "../rtc/value";
import type { CommandName, EventName, LineState, SignalingPort } from "../signaling/port";
import type { Ack, ClientEvents, ServerEvents, WaitingEntry } from "../signaling/protocol";
import { Feed } from "./dashboard";

/** A line that says what the test says. */
class Line implements SignalingPort {
  readonly state = new Value<LineState>({ is: "idle" });
  readonly #listeners = new Map<EventName, (payload: never) => void>();
  open(): void {
    this.state.set({ is: "online" });
  }
  on<E extends EventName>(event: E, listener: (payload: ServerEvents[E]) => void): () => void {
    this.#listeners.set(event, listener);
    return () => this.#listeners.delete(event);
  }
  say<E extends EventName>(event: E, payload: ServerEvents[E]): void {
    (this.#listeners.get(event) as ((heard: typeof payload) => void) | undefined)?.(payload);
  }
  readonly sent: [CommandName, unknown][] = [];
  async send<E extends CommandName>(event: E, payload: ClientEvents[E]): Promise<Ack<E>> {
    this.sent.push([event, payload]);
    return { ok: true } as Ack<E>;
  }
  reset(): void {}
  close(): void {
    this.state.set({ is: "closed" });
  }
}

const QUEUE = { waiting: [], rooms: [], server_time: "2026-01-05T12:00:00Z" };

test("the feed is the last word of the server", () => {
  const line = new Line();
  const dashboard = new Feed(line);
  dashboard.start();
  expect([dashboard.server.get(), dashboard.feed.get()]).toEqual(["online", null]);
  line.say("queue_updated", { position: 1, estimate: null });
  expect(dashboard.feed.get()).toBeNull();
  line.say("queue_updated", QUEUE);
  expect(dashboard.feed.get()).toEqual({ waiting: [], rooms: [], readiness: [] });
});

test("a lost line is shown, the last feed stays", () => {
  const line = new Line();
  const dashboard = new Feed(line);
  dashboard.start();
  line.say("queue_updated", QUEUE);
  line.state.set({ is: "reconnecting" });
  expect([dashboard.server.get(), dashboard.feed.get() !== null]).toEqual(["reconnecting", true]);
});

test.each([
  ["signed_out", "unauthorized"],
  ["revoked", "revoked"],
] as const)("%s ends it with %s", (said, code) => {
  const line = new Line();
  const dashboard = new Feed(line);
  dashboard.start();
  line.say("session_revoked", { code: said });
  expect([dashboard.refusal.get()?.code, line.state.get().is]).toEqual([code, "closed"]);
});

test("a refused line tells why, and starting again forgets it", () => {
  const line = new Line();
  const dashboard = new Feed(line);
  dashboard.start();
  line.state.set({ is: "refused", refusal: { code: "expired", retryAfter: null, opensAt: null } });
  expect(dashboard.refusal.get()?.code).toBe("expired");
  dashboard.start();
  expect(dashboard.refusal.get()).toBeNull();
});

test("what is said about somebody who waits names the room they wait in", async () => {
  const line = new Line();
  const dashboard = new Feed(line);
  dashboard.start();
  const bia = { room_id: "r", participant: { id: "bia" } } as WaitingEntry;
  await dashboard.refuse(bia);
  await dashboard.refuse(bia, "Ligue para a clínica.");
  await dashboard.tell(bia, "Já chamo.");
  const whom = { room_id: "r", participant_id: "bia" };
  expect(line.sent).toEqual([
    ["refuse", whom],
    ["refuse", { ...whom, message: "Ligue para a clínica." }],
    ["notice", { ...whom, text: "Já chamo." }],
  ]);
});
