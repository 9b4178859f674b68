/** A value that can be watched: the only thing views need to know of the core. */

export interface Watched<T> {
  /** The present value; the same object until it changes. */
  get(): T;
  /** Calls `listener` after each change, until the returned function is called. */
  subscribe(listener: () => void): () => void;
}

export class Value<T> implements Watched<T> {
  #current: T;
  readonly #listeners = new Set<() => void>();

  constructor(initial: T) {
    this.#current = initial;
  }

  get(): T {
    return this.#current;
  }

  /** Replaces the value and tells the watchers, unless it is the very same one. */
  set(next: T): void {
    if (Object.is(next, this.#current)) return;
    this.#current = next;
    for (const listener of [...this.#listeners]) listener();
  }

  update(change: (current: T) => T): void {
    this.set(change(this.#current));
  }

  subscribe(listener: () => void): () => void {
    // A wrapper of its own, so that one function subscribed twice is also removed twice.
    const entry = () => listener();
    this.#listeners.add(entry);
    return () => {
      this.#listeners.delete(entry);
    };
  }
}
