/** Chat by every open path: the data channels at once, and the server until it has it. */

import { Value, type Watched } from "../rtc/value";
import type { Ack, AckCode, ChatMessage, Participant } from "../signaling/protocol";
import {
  allRead,
  EMPTY_CHAT,
  fromServer,
  withDelivery,
  withForgotten,
  withHistory,
  withLine,
} from "./chat-log";
import type { ChatLine, ChatView } from "./types";

export interface ChatWays {
  /** To everybody whose channel is open. */
  post(frame: { t: "chat"; id: string; text: string; at: string }): void;
  send(message: { id: string; text: string }): Promise<Ack<"chat_message">>;
  newId(): string;
}

/** Codes after which the same message may go through later. */
const PASSING: readonly AckCode[] = ["offline", "timeout", "unavailable", "rate_limited"];
const RETRY_MS = 3_000;

export class Chat {
  readonly #view = new Value<ChatView>(EMPTY_CHAT);
  readonly #ways: ChatWays;
  #self: Participant | null = null;
  #offsetMs = 0;
  #flushing = false;
  #retry: ReturnType<typeof setTimeout> | null = null;

  constructor(ways: ChatWays) {
    this.#ways = ways;
  }

  get view(): Watched<ChatView> {
    return this.#view;
  }

  /** A room state: who we are, the server's clock, and what was said before. */
  begin(self: Participant, messages: readonly ChatMessage[], serverTime: string): void {
    this.#self = self;
    const offset = Date.parse(serverTime) - Date.now();
    if (Number.isFinite(offset)) this.#offsetMs = offset;
    this.#view.update((view) => withHistory(view, messages, self.id));
    // Who waits is told no messages at all.
    if (self.state === "admitted") this.#view.update((view) => withForgotten(view, messages));
    void this.#flush();
  }

  write(text: string): void {
    const self = this.#self;
    const trimmed = text.trim().slice(0, 2_000);
    if (!self || !trimmed) return;
    const at = this.#now();
    const line: ChatLine = {
      id: this.#ways.newId(),
      from: self.id,
      name: self.name,
      role: self.role,
      text: trimmed,
      at,
      mine: true,
      delivery: "sending",
    };
    this.#view.update((view) => withLine(view, line, false));
    this.#ways.post({ t: "chat", id: line.id, text: trimmed, at });
    void this.#flush();
  }

  fromServer(message: ChatMessage): void {
    const self = this.#self;
    if (self) this.#view.update((view) => withLine(view, fromServer(message, self.id), true));
  }

  /** Its time is that of arrival: the other page's clock may be wrong by hours. */
  fromPeer(from: Participant, frame: { id: string; text: string }): void {
    const line: ChatLine = {
      id: frame.id,
      from: from.id,
      name: from.name,
      role: from.role,
      text: frame.text,
      at: this.#now(),
      mine: false,
      delivery: "sent",
    };
    this.#view.update((view) => withLine(view, line, false));
  }

  markRead(): void {
    this.#view.update(allRead);
  }

  stop(): void {
    if (this.#retry !== null) clearTimeout(this.#retry);
    this.#retry = null;
  }

  #now(): string {
    return new Date(Date.now() + this.#offsetMs).toISOString();
  }

  /** Oldest first and one at a time, so that the record has them in the order they were written. */
  async #flush(): Promise<void> {
    if (this.#flushing) return;
    this.#flushing = true;
    try {
      let next = this.#unsent();
      while (next) {
        const answer = await this.#ways.send({ id: next.id, text: next.text });
        if (answer.ok) this.fromServer(answer.message);
        else if (PASSING.includes(answer.code)) {
          // Without a line the next room state sends it; otherwise a little patience does.
          if (answer.code !== "offline") this.#later();
          return;
        } else {
          const { id } = next;
          this.#view.update((view) => withDelivery(view, id, "failed"));
        }
        next = this.#unsent();
      }
    } finally {
      this.#flushing = false;
    }
  }

  #later(): void {
    this.stop();
    this.#retry = setTimeout(() => void this.#flush(), RETRY_MS);
  }

  #unsent(): ChatLine | undefined {
    return this.#view.get().lines.find((line) => line.mine && line.delivery === "sending");
  }
}
