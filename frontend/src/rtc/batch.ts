/** Collects what comes in a burst and hands it over in few pieces. */

export class Batch<T> {
  readonly #windowMs: number;
  readonly #most: number;
  readonly #flush: (items: T[]) => void;
  #items: T[] = [];
  #timer: ReturnType<typeof setTimeout> | null = null;

  /** At most `most` items in one piece, `windowMs` after the first of them. */
  constructor(windowMs: number, most: number, flush: (items: T[]) => void) {
    this.#windowMs = windowMs;
    this.#most = most;
    this.#flush = flush;
  }

  add(item: T): void {
    this.#items.push(item);
    this.#timer ??= setTimeout(() => this.flush(), this.#windowMs);
  }

  /** Hands over now what is there. */
  flush(): void {
    const items = this.#items;
    this.clear();
    for (let at = 0; at < items.length; at += this.#most) this.#flush(items.slice(at, at + this.#most));
  }

  /** Forgets what is there. */
  clear(): void {
    this.#items = [];
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
