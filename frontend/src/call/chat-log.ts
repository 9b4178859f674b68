/** The list of chat lines. Pure: each message is shown once, whichever way it came first. */

import type { ChatMessage } from "../signaling/protocol";
import type { ChatLine, ChatView } from "./types";

export const EMPTY_CHAT: ChatView = { lines: [], unread: 0 };

function inOrder(lines: readonly ChatLine[]): readonly ChatLine[] {
  // Stable, so lines of one moment stay as they came.
  return [...lines].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

/**
 * Puts a line in, or its better copy in its place: the server's copy has the time that counts. A line the server has
 * is never overwritten by one that came another way.
 */
export function withLine(view: ChatView, line: ChatLine, authoritative: boolean): ChatView {
  const known = view.lines.find(({ id }) => id === line.id);
  if (known && !authoritative) return view;
  if (known) {
    const lines = view.lines.map((other) => (other.id === line.id ? line : other));
    return { ...view, lines: inOrder(lines) };
  }
  return { lines: inOrder([...view.lines, line]), unread: view.unread + (line.mine ? 0 : 1) };
}

export function fromServer(message: ChatMessage, selfId: string): ChatLine {
  const { id, from, name, role, text, sent_at: at } = message;
  return { id, from, name, role, text, at, mine: from === selfId, delivery: "sent" };
}

/** The stored messages of a room state; what was read before stays read, and what is older than the page counts so. */
export function withHistory(view: ChatView, messages: readonly ChatMessage[], selfId: string): ChatView {
  const fresh = view.lines.length === 0;
  const next = messages.reduce((sum, message) => withLine(sum, fromServer(message, selfId), true), view);
  return fresh ? { ...next, unread: 0 } : next;
}

/** So many messages at least are told when there are more; fewer are all there are. */
const TRUNCATED_FROM = 100;

/**
 * Own lines that the server had and has no more: it was killed between its word and its record. They are to be sent
 * again; their id makes sure that they are stored once.
 */
export function withForgotten(view: ChatView, messages: readonly ChatMessage[]): ChatView {
  const known = new Set(messages.map(({ id }) => id));
  const oldest =
    messages.length < TRUNCATED_FROM ? Number.NEGATIVE_INFINITY : Date.parse(messages[0]?.sent_at ?? "");
  const isForgotten = (line: ChatLine) =>
    line.mine && line.delivery === "sent" && !known.has(line.id) && Date.parse(line.at) >= oldest;
  if (!view.lines.some(isForgotten)) return view;
  return {
    ...view,
    lines: view.lines.map((line) => (isForgotten(line) ? { ...line, delivery: "sending" } : line)),
  };
}

export function withDelivery(view: ChatView, id: string, delivery: ChatLine["delivery"]): ChatView {
  return { ...view, lines: view.lines.map((line) => (line.id === id ? { ...line, delivery } : line)) };
}

export function allRead(view: ChatView): ChatView {
  return view.unread === 0 ? view : { ...view, unread: 0 };
}
