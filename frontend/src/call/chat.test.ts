import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { NO_MEDIA } from "../rtc/types";
import type { Ack, AckCode, Participant } from "../signaling/protocol";
import { Chat } from "./chat";

const bia: Participant = {
  id: "bia",
  name: "Bia",
  role: "patient",
  state: "admitted",
  media: NO_MEDIA,
  connection: "online",
  incarnation: "x",
  since: "2026-01-01T12:00:00Z",
  device: null,
};
const NOW = "2026-01-01T12:00:00.000Z";

beforeEach(() => {
  vi.useFakeTimers({ now: new Date(NOW) });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A server that answers with these codes, one after the other, and then takes everything. */
function chatWith(...codes: AckCode[]) {
  const posted: string[] = [];
  const stored: string[] = [];
  let ids = 0;
  const chat = new Chat({
    post: ({ text }) => posted.push(text),
    newId: () => `id${++ids}`,
    send: async ({ id, text }): Promise<Ack<"chat_message">> => {
      const code = codes.shift();
      if (code) return { ok: false, code, message: code };
      stored.push(text);
      return { ok: true, message: { id, from: "bia", name: "Bia", role: "patient", text, sent_at: NOW } };
    },
  });
  return { chat, posted, stored };
}

const settle = (ms = 0) => vi.advanceTimersByTimeAsync(ms);
const deliveries = (chat: Chat) => chat.view.get().lines.map(({ delivery }) => delivery);

test("a line is shown at once, goes by every way, and is then sent", async () => {
  const { chat, posted, stored } = chatWith();
  chat.begin(bia, [], NOW);
  chat.write("  oi  ");
  expect(deliveries(chat)).toEqual(["sending"]);
  await settle();
  expect([deliveries(chat), posted, stored]).toEqual([["sent"], ["oi"], ["oi"]]);
});

test("without a server, lines wait for the next room state and keep their order", async () => {
  const { chat, posted, stored } = chatWith("offline", "offline");
  chat.begin(bia, [], NOW);
  chat.write("um");
  await settle();
  chat.write("dois");
  await settle(10_000);
  expect([posted, stored]).toEqual([["um", "dois"], []]);
  chat.begin(bia, [], NOW);
  await settle();
  expect([stored, deliveries(chat)]).toEqual([
    ["um", "dois"],
    ["sent", "sent"],
  ]);
});

test("a passing trouble is tried again", async () => {
  const { chat, stored } = chatWith("unavailable", "rate_limited");
  chat.begin(bia, [], NOW);
  chat.write("um");
  await settle(6_000);
  expect(stored).toEqual(["um"]);
});

test("a refusal for good is shown, and the next line goes on", async () => {
  const { chat } = chatWith("not_admitted");
  chat.begin(bia, [], NOW);
  chat.write("um");
  chat.write("dois");
  await settle();
  expect(deliveries(chat)).toEqual(["failed", "sent"]);
});

test("nothing is written before one is somebody, nor when it is blank", () => {
  const { chat } = chatWith();
  chat.write("cedo");
  chat.begin(bia, [], NOW);
  chat.write("   ");
  expect(chat.view.get().lines).toEqual([]);
});

test("times are the server's, whatever this clock says", async () => {
  const { chat } = chatWith("offline");
  chat.begin(bia, [], "2026-01-01T15:00:00.000Z");
  chat.write("oi");
  chat.fromPeer({ ...bia, id: "ana" }, { id: "p1", text: "olá" });
  expect(chat.view.get().lines.map(({ at }) => at.slice(11, 13))).toEqual(["15", "15"]);
  expect(chat.view.get().unread).toBe(1);
  chat.markRead();
  expect(chat.view.get().unread).toBe(0);
  chat.stop();
});

test("what the server had and was killed before it wrote down is said again", async () => {
  const { chat, stored } = chatWith();
  chat.begin(bia, [], NOW);
  chat.write("Bom dia");
  await settle();
  const told = {
    id: "id1",
    from: "bia",
    name: "Bia",
    role: "patient",
    text: "Bom dia",
    sent_at: NOW,
  } as const;
  chat.begin(bia, [told], NOW);
  await settle();
  expect(stored).toEqual(["Bom dia"]);
  chat.begin({ ...bia, state: "waiting" }, [], NOW);
  await settle();
  expect(stored, "who waits is told nothing, so nothing can be missed").toEqual(["Bom dia"]);
  chat.begin(bia, [], NOW);
  await settle();
  expect([stored, deliveries(chat)]).toEqual([["Bom dia", "Bom dia"], ["sent"]]);
});
