/** One ordered inbox per peer: signals are handled one after another, those of different peers side by side. */

export class Inboxes {
  readonly #queues = new Map<string, Promise<void>>();

  /** Runs `task` when all earlier ones of `key` are done, whether they failed or not. */
  put(key: string, task: () => Promise<void> | void): Promise<void> {
    const done = (this.#queues.get(key) ?? Promise.resolve()).then(task).catch(() => undefined);
    this.#queues.set(key, done);
    void done.then(() => {
      if (this.#queues.get(key) === done) this.#queues.delete(key);
    });
    return done;
  }
}
