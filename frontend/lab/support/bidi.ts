/** A driver's line to a browser that speaks WebDriver BiDi (https://w3c.github.io/webdriver-bidi/). */
import { type ChildProcess, spawn } from "node:child_process";
import { openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";

const BRIDGE = join(import.meta.dirname, "bidi-bridge.js");
const READY_MS = 60_000;
const ANSWER_MS = 60_000;
const END_MS = 8_000;

interface Said {
  readonly id?: number;
  readonly type: "success" | "error" | "event";
  readonly method?: string;
  readonly result?: unknown;
  readonly params?: unknown;
  readonly error?: string;
  readonly message?: string;
}

interface Pending {
  readonly method: string;
  readonly done: (result: unknown) => void;
  readonly failed: (error: Error) => void;
  readonly late: ReturnType<typeof setTimeout>;
}

export class BidiError extends Error {
  readonly code: string;

  constructor(method: string, code: string, message: string) {
    super(`${method}: ${code}: ${message}`);
    this.code = code;
  }
}

export class Bidi {
  readonly #child: ChildProcess;
  readonly #log: string;
  readonly #pending = new Map<number, Pending>();
  readonly #listeners = new Map<string, (params: unknown) => void>();
  readonly #gone: Promise<void>;
  #count = 0;

  private constructor(child: ChildProcess, log: string) {
    this.#child = child;
    this.#log = log;
    createInterface({ input: child.stdout as NodeJS.ReadableStream }).on("line", (line) => this.#hear(line));
    this.#gone = new Promise((done) => {
      child.once("exit", done);
      child.once("error", done);
    }).then(() => this.#giveUp());
    // A bridge whose input ends takes its browser with it, so even a driver that is killed leaves nothing.
    child.stdin?.on("error", () => undefined);
  }

  /** Starts `browser` where `prefix` leads (as `ip netns exec NAME`); resolves when it listens. */
  static async start(
    prefix: readonly string[],
    browser: readonly string[],
    log: string,
    env: Record<string, string>,
  ): Promise<Bidi> {
    const [program = "", ...words] = [
      ...prefix,
      process.execPath,
      "--experimental-websocket",
      BRIDGE,
      ...browser,
    ];
    const child = spawn(program, words, {
      stdio: ["pipe", "pipe", openSync(log, "a")],
      env: { ...process.env, ...env },
    });
    const bidi = new Bidi(child, log);
    const ready = new Promise<true>((done) => bidi.on("ready", () => done(true)));
    const late = new Promise<false>((done) => setTimeout(done, READY_MS, false).unref());
    if (await Promise.race([ready, late, bidi.#gone.then(() => false)])) return bidi;
    await bidi.end();
    throw new Error(`${browser[0]} did not start:\n${bidi.#lastWords}`);
  }

  get #lastWords(): string {
    return readFileSync(this.#log, "utf8").slice(-2_000);
  }

  on(event: string, listener: (params: unknown) => void): void {
    this.#listeners.set(event, listener);
  }

  /** One command; rejects with what the browser says against it. */
  call<R = unknown>(method: string, params: Record<string, unknown> = {}): Promise<R> {
    this.#count += 1;
    const id = this.#count;
    return new Promise<R>((done, failed) => {
      const late = setTimeout(() => {
        this.#pending.delete(id);
        failed(new BidiError(method, "timeout", `no answer within ${ANSWER_MS / 1_000} s`));
      }, ANSWER_MS);
      this.#pending.set(id, {
        method,
        late,
        done: (result) => done(result as R),
        failed,
      });
      this.#child.stdin?.write(`${JSON.stringify({ id, method, params })}\n`);
    });
  }

  /** Ends the browser. */
  async end(): Promise<void> {
    this.#child.stdin?.end();
    const late = setTimeout(() => this.#child.kill("SIGKILL"), END_MS);
    await this.#gone;
    clearTimeout(late);
  }

  #hear(line: string): void {
    const said = JSON.parse(line) as Said;
    if (said.type === "event") {
      this.#listeners.get(said.method ?? "")?.(said.params);
      return;
    }
    const asked = this.#pending.get(said.id ?? 0);
    if (!asked) return;
    this.#pending.delete(said.id ?? 0);
    clearTimeout(asked.late);
    if (said.type === "success") asked.done(said.result);
    else asked.failed(new BidiError(asked.method, said.error ?? "", said.message ?? ""));
  }

  #giveUp(): void {
    for (const { failed, late } of this.#pending.values()) {
      clearTimeout(late);
      failed(new Error(`the browser is gone:\n${this.#lastWords}`));
    }
    this.#pending.clear();
  }
}
