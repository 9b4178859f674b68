/**
 * Finds out that a connect is stuck. After a hole in the network, or a lost packet of the handshake, a browser waits
 * longer and longer before it tries again, while a new connection would pass at once. So while one is tried, a small
 * request is sent now and then: when a later one has come and gone, the earlier one is given up and begun anew.
 */

const EVERY_MS = 1_000;
const PROBE_MS = 2_500;
/** A server that answers small requests but no sockets must not be stormed; a line that is only slow needs ever more. */
const PAUSE_MS = 3_000;
const MOST_PAUSE_MS = 12_000;

export interface OvertakeOptions {
  /** Answers with 2xx when the server lives. */
  readonly url: string;
  readonly fetch?: typeof fetch;
  /** Begin the connect anew. */
  again(): void;
}

export class Overtake {
  readonly #options: OvertakeOptions;
  #timer: ReturnType<typeof setInterval> | null = null;
  #attemptAt = 0;
  #notBefore = 0;
  #pauseMs = PAUSE_MS;

  constructor(options: OvertakeOptions) {
    this.#options = options;
  }

  /** A connect begins now; it is watched until `stop`. */
  watch(): void {
    this.#attemptAt = performance.now();
    this.#timer ??= setInterval(() => void this.#probe(), EVERY_MS);
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    this.#pauseMs = PAUSE_MS;
  }

  async #probe(): Promise<void> {
    const began = performance.now();
    if (began < this.#notBefore) return;
    const ask = this.#options.fetch ?? fetch;
    const signal = AbortSignal.timeout(PROBE_MS);
    const answer = await ask(this.#options.url, { cache: "no-store", signal }).catch(() => null);
    const overtaken = this.#timer !== null && this.#attemptAt < began && performance.now() >= this.#notBefore;
    if (!answer?.ok || !overtaken) return;
    this.#notBefore = performance.now() + this.#pauseMs;
    this.#pauseMs = Math.min(MOST_PAUSE_MS, 2 * this.#pauseMs);
    this.#options.again();
  }
}
