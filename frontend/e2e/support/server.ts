/** A real server with a database of its own, started and ended by the tests. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

const ROOT = resolve(import.meta.dirname, "../../..");
const PYTHON = process.env.TELECONSULTA_PYTHON ?? join(ROOT, ".venv/bin/python");
const READY_MS = 90_000;
const STOP_MS = 15_000;
const LOOK_AGAIN_MS = 50;

export const DOCTOR = { email: "medica@demo.local" };
export const ADMIN = { email: "admin@demo.local" };

/** Below those that systems give to outgoing connections: one of them could take a server's place while it restarts. */
const PORTS = { from: 20_000, to: 32_000 };

/** A port of this machine that nobody listens at. */
export async function freePort(): Promise<number> {
  const port = PORTS.from + Math.floor(Math.random() * (PORTS.to - PORTS.from));
  const free = await new Promise<boolean>((done) => {
    const probe = createServer();
    probe.once("error", () => done(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => done(true)));
  });
  return free ? port : freePort();
}

/** Where a server runs when not on this machine's own network, and how it is set up when not as usual. */
export interface Place {
  /** Words before the server's command, such as `ip netns exec NAME`. */
  readonly prefix: readonly string[];
  /** The server's command, when it is not the usual one. */
  readonly command?: readonly string[];
  readonly port: number;
  /** What browsers call it. */
  readonly origin: string;
  /** Beside or in place of the usual variables; an empty one counts as unset. */
  readonly env: Readonly<Record<string, string>>;
  /** Whether it answers `/readyz` with yes. */
  answers(): Promise<boolean>;
}

export class Server {
  readonly password = `Ensaio-${Math.random().toString(36).slice(2, 14)}-7`;
  readonly port: number;
  readonly #folder: string;
  readonly #place: Partial<Place>;
  #process: ChildProcess | null = null;

  private constructor(port: number, folder: string, place: Partial<Place>) {
    this.port = port;
    this.#folder = folder;
    this.#place = place;
  }

  static async launch(place: Partial<Place> = {}): Promise<Server> {
    // The database runs under an account of its own when root starts it: that one has to enter the folder.
    const folder = mkdtempSync(join(tmpdir(), "teleconsulta-e2e-"));
    chmodSync(folder, 0o755);
    mkdirSync(join(folder, "var"));
    const server = new Server(place.port ?? (await freePort()), folder, place);
    await server.start();
    return server;
  }

  get origin(): string {
    return this.#place.origin ?? `http://localhost:${this.port}`;
  }

  get running(): boolean {
    return this.#process !== null;
  }

  /** Everything it has printed since the first start. */
  get log(): string {
    return readFileSync(join(this.#folder, "server.log"), "utf8");
  }

  get outbox(): string {
    return join(this.#folder, "var/outbox");
  }

  /** Starts on the same port and data; returns when it can serve, or throws with its last words. */
  async start(): Promise<void> {
    if (this.#process) return;
    const log = openSync(join(this.#folder, "server.log"), "a");
    const [program = PYTHON, ...words] = [
      ...(this.#place.prefix ?? []),
      ...[PYTHON, "-m", ...(this.#place.command ?? ["teleconsulta.cli", "serve"])],
    ];
    const child = spawn(program, words, {
      cwd: this.#folder,
      stdio: ["ignore", log, log],
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        PYTHONPATH: join(ROOT, "backend"),
        DEMO: "1",
        DEMO_PASSWORD: this.password,
        HOST: "127.0.0.1",
        PORT: String(this.port),
        VAR_DIR: join(this.#folder, "var"),
        LOG_FORMAT: "json",
        ...(process.env.STATIC_DIR && { STATIC_DIR: process.env.STATIC_DIR }),
        ...this.#place.env,
      },
    });
    this.#process = child;
    const orphaned = () => child.kill("SIGTERM");
    process.once("exit", orphaned);
    child.once("exit", () => {
      process.off("exit", orphaned);
      if (this.#process === child) this.#process = null;
    });
    const deadline = Date.now() + READY_MS;
    while (!(await this.#answers())) {
      if (this.#process !== child || Date.now() > deadline)
        throw new Error(`The server did not start:\n${this.log.slice(-3000)}`);
      await pause(LOOK_AGAIN_MS);
    }
  }

  /** An orderly end. */
  async stop(): Promise<void> {
    await this.#end("SIGTERM");
  }

  /** No chance to say goodbye to anybody. */
  async kill(): Promise<void> {
    await this.#end("SIGKILL");
  }

  /** Ends it and removes its data. */
  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }

  /** The database stops answering, without closing a connection, until `work` is done. */
  async withFrozenDatabase(work: () => Promise<void>): Promise<void> {
    const frozen = this.#databaseProcesses();
    for (const pid of frozen) process.kill(pid, "SIGSTOP");
    try {
      await work();
    } finally {
      for (const pid of frozen.reverse()) process.kill(pid, "SIGCONT");
    }
  }

  /** Runs one statement in the server's database, as nobody but a test would: to let time pass, say. */
  sql(statement: string): void {
    const [, , , , socketFolder] = this.#postmaster();
    const program = `
import asyncio, sys, asyncpg
async def main():
    connection = await asyncpg.connect(user="teleconsulta", database="postgres", host=sys.argv[1])
    await connection.execute(sys.argv[2])
    await connection.close()
asyncio.run(main())`;
    execFileSync(PYTHON, ["-c", program, socketFolder ?? "", statement]);
  }

  #postmaster(): string[] {
    return readFileSync(join(this.#folder, "var/postgres/postmaster.pid"), "utf8").split("\n");
  }

  #databaseProcesses(): number[] {
    const first = Number(this.#postmaster()[0]);
    return [first, ...childrenOf(first)];
  }

  async #answers(): Promise<boolean> {
    if (this.#place.answers) return this.#place.answers();
    const answer = await fetch(`${this.origin}/readyz`).catch(() => null);
    return answer?.ok ?? false;
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#process;
    if (!child) return;
    const gone = new Promise<boolean>((done) => child.once("exit", () => done(true)));
    child.kill(signal);
    const ended = await Promise.race([gone, pause(STOP_MS, false)]);
    if (!ended) {
      child.kill("SIGKILL");
      await gone;
    }
    this.#process = null;
    if (!ended)
      throw new Error(`The server did not end within ${STOP_MS / 1000} s:\n${this.log.slice(-2000)}`);
  }
}

function childrenOf(parent: number): number[] {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.map(Number).filter((pid) => {
    try {
      const status = readFileSync(`/proc/${pid}/status`, "utf8");
      return Number(/^PPid:\s+(\d+)$/m.exec(status)?.[1]) === parent;
    } catch {
      return false; // it has ended meanwhile
    }
  });
}
