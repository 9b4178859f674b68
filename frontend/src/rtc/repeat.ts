/** Does something again after a while, a few times, until it is stopped. */

const WAIT_MS = 4_000;
const MOST = 5;

export class Repeat {
  readonly #again: () => void;
  #count = 0;
  #timer: ReturnType<typeof setTimeout> | null = null;

  /** `again` is expected to call `arm` when it really did something. */
  constructor(again: () => void) {
    this.#again = again;
  }

  arm(waitMs = WAIT_MS): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#count >= MOST) return;
    this.#timer = setTimeout(() => {
      this.#count += 1;
      this.#again();
    }, waitMs);
  }

  /** Stops, and counts from the start the next time. */
  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#count = 0;
  }
}
