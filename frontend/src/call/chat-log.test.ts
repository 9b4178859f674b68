import { expect, test } from "vitest";
import type { ChatMessage } from "../signaling/protocol";
import {
  allRead,
  EMPTY_CHAT,
  fromServer,
  withDelivery,
  withForgotten,
  withHistory,
  withLine,
} from "./chat-log";
import type { ChatLine } from "./types";

const at = (second: number) => `2026-01-01T12:00:${String(second).padStart(2, "0")}.000Z`;
const line = (id: string, second: number, change: Partial<ChatLine> = {}): ChatLine => ({
  id,
  from: "ana",
  name: "Ana",
  role: "doctor",
  text: id,
  at: at(second),
  mine: false,
  delivery: "sent",
  ...change,
});
const message = (id: string, second: number): ChatMessage => ({
  id,
  from: "ana",
  name: "Ana",
  role: "doctor",
  text: id,
  sent_at: at(second),
});

test("a message that comes twice is shown once and counted once", () => {
  const view = withLine(withLine(EMPTY_CHAT, line("1", 1), false), line("1", 9), false);
  expect([view.lines.map(({ at: when }) => when), view.unread]).toEqual([[at(1)], 1]);
});

test("the server's copy decides the time, and with it the order", () => {
  const two = withLine(withLine(EMPTY_CHAT, line("1", 1), false), line("2", 2), false);
  const view = withLine(two, line("1", 3), true);
  expect(view.lines.map(({ id }) => id)).toEqual(["2", "1"]);
  expect(view.unread).toBe(2);
});

test("own lines are never unread", () => {
  expect(withLine(EMPTY_CHAT, line("1", 1, { mine: true }), false).unread).toBe(0);
});

test("what was said before the page came is read already, what was missed meanwhile is not", () => {
  const first = withHistory(EMPTY_CHAT, [message("1", 1)], "bia");
  expect(first.unread).toBe(0);
  expect(withHistory(first, [message("1", 1), message("2", 2)], "bia").unread).toBe(1);
});

test("delivery, reading, and whose it is", () => {
  const view = withDelivery(withLine(EMPTY_CHAT, line("1", 1), false), "1", "failed");
  expect(view.lines[0]?.delivery).toBe("failed");
  const read = allRead(view);
  expect([read.unread, allRead(read) === read]).toEqual([0, true]);
  expect(fromServer(message("1", 1), "ana").mine).toBe(true);
});

test("of a list that was cut, what is older than it counts as kept", () => {
  const cut = Array.from({ length: 100 }, (_, at) => message(`m${at}`, 10));
  const own = (id: string, second: number) => line(id, second, { mine: true });
  const view = { lines: [own("old", 5), own("lost", 50), own("m3", 10), line("theirs", 50)], unread: 0 };
  const deliveries = withForgotten(view, cut).lines.map(({ delivery }) => delivery);
  expect(deliveries).toEqual(["sent", "sending", "sent", "sent"]);
  expect(withForgotten(view, cut.slice(0, 99)).lines[0]?.delivery).toBe("sending");
});
