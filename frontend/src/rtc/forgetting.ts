/**
 * Makes Firefox forget what it sent into a hole, by telling it with each new ICE generation that the other side asks for no
 * lost picture again. Otherwise it would still have what is asked for at the hole's end; it comes seconds late, and the other
 * side's browser then plays all that follows as late as that. Chromium is made to forget while the picture rests (`lines.ts`).
 */

import type { TheirWord } from "./their-word";

/** So long after a new way was agreed on nothing is sent again: it takes some time until that way carries anything, ms. */
const FORGETTING_MS = 6_000;

export class Forgetting {
  readonly #connection: RTCPeerConnection;
  readonly #theirs: TheirWord;
  readonly #settle: () => void;
  #timer: ReturnType<typeof setTimeout> | null = null;

  /** `settle` tells our browser what changed in what they said. */
  constructor(connection: RTCPeerConnection, theirs: TheirWord, settle: () => void) {
    this.#connection = connection;
    this.#theirs = theirs;
    this.#settle = settle;
  }

  /** Returns whether there is something to be told. */
  begin(): boolean {
    this.stop();
    // The origin line is the browser's own signature.
    if (!/^o=mozilla/m.test(this.#connection.localDescription?.sdp ?? "")) return false;
    this.#theirs.forgetting = true;
    this.#timer = setTimeout(() => {
      this.stop();
      this.#settle();
    }, FORGETTING_MS);
    return true;
  }

  stop(): void {
    this.#theirs.forgetting = false;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
