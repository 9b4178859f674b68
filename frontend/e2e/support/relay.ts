/** A real coturn on loopback, over as many transports as a network would let through. The rest is a wall. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server as Listener } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "./server.ts";

export type Transport = "udp" | "tcp" | "tls";

const EVERY: readonly Transport[] = ["udp", "tcp", "tls"];
const READY_MS = 15_000;
/** What coturn prints once it can be reached this way. */
const OPENED: Record<Transport, RegExp> = {
  udp: /UDP listener opened/,
  tcp: /TCP listener opened/,
  tls: /TLS(?:\/TCP)? listener opened/,
};

export class Relay {
  readonly secret = `Rele${Math.random().toString(36).slice(2)}${Math.random().toString(36).slice(2)}`;
  readonly #port: number;
  readonly #tlsPort: number;
  readonly #folder: string;
  #process: ChildProcess | null = null;
  #walls: Listener[] = [];

  private constructor(port: number, tlsPort: number) {
    this.#port = port;
    this.#tlsPort = tlsPort;
    this.#folder = mkdtempSync(join(tmpdir(), "teleconsulta-relay-"));
    execFileSync(
      "openssl",
      [
        ...[
          "req",
          "-x509",
          "-newkey",
          "ec",
          "-pkeyopt",
          "ec_paramgen_curve:prime256v1",
          "-nodes",
          "-days",
          "2",
        ],
        ...["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"],
        ...["-keyout", join(this.#folder, "key.pem"), "-out", join(this.#folder, "cert.pem")],
      ],
      { stdio: "ignore" },
    );
  }

  /** Has its ports, and is shut. */
  static async prepare(): Promise<Relay> {
    const relay = new Relay(await freePort(), await freePort());
    await relay.shut();
    return relay;
  }

  /** Everything that is configured, whether or not it is open at the moment. */
  get urls(): string[] {
    return [
      `turn:127.0.0.1:${this.#port}?transport=udp`,
      `turn:127.0.0.1:${this.#port}?transport=tcp`,
      `turns:127.0.0.1:${this.#tlsPort}?transport=tcp`,
    ];
  }

  /** The server's settings that belong to this relay. */
  get settings(): Record<string, string> {
    return { TURN_URLS: this.urls.join(","), TURN_SECRET: this.secret };
  }

  /** Returns when it can be reached over each of `transports`, and over no other one. */
  async open(...transports: Transport[]): Promise<void> {
    await this.#clear();
    const child = spawn(
      "turnserver",
      [
        ...[
          "-n",
          "--use-auth-secret",
          `--static-auth-secret=${this.secret}`,
          "--realm=relay.example",
          "--verbose",
        ],
        ...[
          "--listening-ip=127.0.0.1",
          "--relay-ip=127.0.0.1",
          "--allow-loopback-peers",
          "--no-cli",
          "--no-dtls",
        ],
        ...[`--listening-port=${this.#port}`, `--tls-listening-port=${this.#tlsPort}`],
        ...[`--cert=${this.#folder}/cert.pem`, `--pkey=${this.#folder}/key.pem`],
        ...[`--pidfile=${this.#folder}/pid`, `--userdb=${this.#folder}/db`, "--log-file=stdout"],
        ...EVERY.filter((one) => !transports.includes(one)).map((one) => `--no-${one}`),
      ],
      { cwd: this.#folder, stdio: ["ignore", "pipe", "ignore"] },
    );
    this.#process = child;
    const orphaned = () => child.kill("SIGKILL");
    process.once("exit", orphaned);
    child.once("exit", () => process.off("exit", orphaned));
    await new Promise<void>((done, failed) => {
      let said = "";
      const late = setTimeout(
        () => failed(new Error(`The relay did not open:\n${said.slice(-2000)}`)),
        READY_MS,
      );
      child.stdout?.on("data", (chunk: Buffer) => {
        said += chunk;
        if (!transports.every((one) => OPENED[one].test(said))) return;
        clearTimeout(late);
        done();
      });
      child.once("error", failed);
    });
    if (!transports.includes("tcp")) await this.#wall(this.#port);
    if (!transports.includes("tls")) await this.#wall(this.#tlsPort);
  }

  /** Nobody gets through. */
  async shut(): Promise<void> {
    await this.#clear();
    await this.#wall(this.#port, this.#tlsPort);
  }

  async remove(): Promise<void> {
    await this.#clear();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Ports where a connection is taken and nothing is ever answered, as behind a firewall that drops packets. */
  async #wall(...ports: number[]): Promise<void> {
    for (const port of ports) {
      const wall = createServer((socket) => socket.on("error", () => undefined).resume());
      wall.listen(port, "127.0.0.1");
      await once(wall, "listening");
      this.#walls.push(wall);
    }
  }

  async #clear(): Promise<void> {
    for (const wall of this.#walls.splice(0)) wall.close();
    const child = this.#process;
    this.#process = null;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGKILL");
    await once(child, "exit");
  }
}
