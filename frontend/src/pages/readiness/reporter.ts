/** Tells the clinic what is in somebody's way: by the socket where there is one, else by the link alone. */
import { ApiError } from "../../api/client";
import { readiness } from "../../api/readiness";
import type { Cause } from "../../api/types";
import type { CallSession } from "../../call";

/** By what a page may speak. */
export interface Voice {
  readonly session: Pick<CallSession, "server" | "tell"> | null;
  readonly token: string | null;
}

const AGAIN_MS = 1_500;

type Tell = typeof readiness.tell;

/** The last word counts: what was overtaken is not sent, what could not be sent is tried again. */
export class Reporter {
  readonly #tell: Tell;
  #word: { cause: Cause | null; wantsPhone: boolean } = { cause: null, wantsPhone: false };
  #voice: Voice = { session: null, token: null };
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(tell: Tell = readiness.tell) {
    this.#tell = tell;
  }

  say(voice: Voice, cause: Cause | null, wantsPhone: boolean): void {
    this.#voice = voice;
    if (cause === this.#word.cause && wantsPhone === this.#word.wantsPhone) return;
    this.#word = { cause, wantsPhone };
    void this.#send();
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  async #send(): Promise<void> {
    this.stop();
    const word = this.#word;
    const { session, token } = this.#voice;
    if (session?.server.get() === "online" && (await session.tell(word.cause, word.wantsPhone)).ok) return;
    if (token === null || word !== this.#word) return;
    try {
      await this.#tell(token, word.cause, word.wantsPhone);
    } catch (error) {
      // No answer, or a server that wakes up: later. A refusal stays one.
      const passing = error instanceof ApiError && (error.status === 0 || error.status >= 500);
      if (passing && word === this.#word) this.#timer = setTimeout(() => void this.#send(), AGAIN_MS);
    }
  }
}
