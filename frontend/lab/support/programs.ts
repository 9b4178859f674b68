/** Programs of the laboratory: started with their words kept in a file, ended by their number. */
import { type ChildProcess, spawn } from "node:child_process";
import { openSync, readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";

const END_MS = 5_000;
const LOOK_AGAIN_MS = 50;
const READY_MS = 15_000;

export class Program {
  readonly #child: ChildProcess;
  readonly #log: string;

  constructor(command: readonly string[], log: string, env: Record<string, string> = {}) {
    const [program = "", ...words] = command;
    const out = openSync(log, "a");
    this.#log = log;
    this.#child = spawn(program, words, { stdio: ["ignore", out, out], env: { ...process.env, ...env } });
    const orphaned = () => this.#child.kill("SIGKILL");
    process.once("exit", orphaned);
    this.#child.once("exit", () => process.off("exit", orphaned));
  }

  get said(): string {
    return readFileSync(this.#log, "utf8");
  }

  /** How it ended, null while it runs or when a signal ended it. */
  get status(): number | null {
    return this.#child.exitCode;
  }

  /** Until it has printed `words`; throws with what it did print when it ends or takes too long. */
  async hasSaid(words: string): Promise<this> {
    const deadline = Date.now() + READY_MS;
    while (!this.said.includes(words)) {
      if (this.#child.exitCode !== null || Date.now() > deadline)
        throw new Error(`${this.#child.spawnfile} did not start:\n${this.said.slice(-2_000)}`);
      await pause(LOOK_AGAIN_MS);
    }
    return this;
  }

  async end(signal: NodeJS.Signals = "SIGTERM", patienceMs = END_MS): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = new Promise((done) => this.#child.once("exit", done));
    this.#child.kill(signal);
    const late = setTimeout(() => this.#child.kill("SIGKILL"), patienceMs);
    await gone;
    clearTimeout(late);
  }
}
