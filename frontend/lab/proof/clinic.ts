/** A clinic in production: server, PostgreSQL, relay and edge, each in a root that the Dockerfiles' own steps made. */
import { execFile } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import { type Network, ROOT } from "../support/network.ts";
import { Program } from "../support/programs.ts";
import { makeCertificates } from "../support/site.ts";

const APP = "203.0.113.10";
const RELAY = "203.0.113.11";
const DATABASE = "203.0.113.12";
const DATABASE_PORT = 5433;
const PROOF = join(ROOT, "infra/proof/proof.py");
/** The image's own user, and PostgreSQL's in Debian. */
const SERVER_USER = 10_001;
const READY_MS = 60_000;
/** The patience of docker-compose.yml. */
const STOP_MS = 15_000;
/** Debian's Caddy is of 2022; the edge of docker-compose.yml knows this line too. */
const NEWER_THAN_DEBIANS = "stream_close_delay";

export const DOCTOR = { email: "medica@clinica-da-prova.com.br", password: "Prova-em-raiz-limpa-7421" };

/** As docs/operations/docker.md has it: an `.env` of one's own, nothing of the demonstration. */
const SETTINGS = {
  PUBLIC_URL: "https://app.lab",
  SECRET_KEY: "Zq3v8Lw1Xk6Tn0Rj5Yb2Hc9Mf4Pd7Gs1Ae8Uo3Ki",
  DATABASE_URL: `postgresql://clinic:Base-da-prova-5310@${DATABASE}:${DATABASE_PORT}/clinic`,
  TRUSTED_PROXIES: "127.0.0.1",
  TURN_SECRET: "Nb7Wd2Qx9Lk4Vt6Zp1Rm8",
  TURN_URLS: [
    "turn:turn1.lab:3478?transport=udp",
    "turn:turn1.lab:3478?transport=tcp",
    "turns:turn1.lab:5349?transport=tcp",
  ].join(","),
};

export class Clinic {
  readonly folder: string;
  readonly #network: Network;
  readonly #machines: Program[] = [];
  #server: Program | null = null;

  private constructor(network: Network, folder: string) {
    this.#network = network;
    this.folder = folder;
  }

  static async open(network: Network, folder: string): Promise<Clinic> {
    const clinic = new Clinic(network, folder);
    makeCertificates(folder);
    await clinic.#startDatabase();
    await clinic.#startRelay();
    await clinic.#startEdge();
    await clinic.startServer();
    await clinic.teleconsulta(
      ["user", "add", "--email", DOCTOR.email, "--name", "Dra. Lúcia Prova"].concat([
        ...["--role", "doctor", "--council", "CRM/SP 123456", "--password-stdin"],
      ]),
      `${DOCTOR.password}\n`,
    );
    return clinic;
  }

  get authority(): string {
    return join(this.folder, "ca.pem");
  }

  get serverLog(): string {
    return readFileSync(join(this.folder, "server.log"), "utf8");
  }

  async startServer(): Promise<void> {
    this.#server = new Program(
      this.#machine("server", this.#serverOptions()),
      join(this.folder, "server.log"),
    );
    const deadline = Date.now() + READY_MS;
    while (!(await this.#answers("/readyz"))) {
      if (Date.now() > deadline)
        throw new Error(`The server did not start:\n${this.serverLog.slice(-3_000)}`);
      await pause(200);
    }
  }

  /** Ends the server as an engine does; its exit status. */
  async stopServer(): Promise<number | null> {
    await this.#server?.end("SIGTERM", STOP_MS);
    return this.#server?.status ?? null;
  }

  /** The image's own check, in a machine like the server's. */
  async isHealthy(): Promise<boolean> {
    return this.#answers("/healthz");
  }

  /** A command of the image beside the running server. */
  async teleconsulta(words: readonly string[], said = ""): Promise<string> {
    const [program = "", ...rest] = this.#machine("server", this.#serverOptions(), [
      "teleconsulta",
      ...words,
    ]);
    const running = promisify(execFile)(program, rest);
    running.child.stdin?.end(said);
    return (await running).stdout;
  }

  /** What came of many who never finish their request, as infra/proof/slow.py tells it. */
  async besieged(): Promise<{ slow: number; served: number; of: number; borne: number }> {
    const words = ["python3", join(ROOT, "infra/proof/slow.py"), APP, "app.lab"];
    const [program = "", ...rest] = [...this.#network.inside("srv"), ...words];
    return JSON.parse((await promisify(execFile)(program, rest)).stdout);
  }

  async close(): Promise<void> {
    await Promise.all([this.#server, ...this.#machines.reverse()].map((program) => program?.end()));
  }

  #serverOptions(): string[] {
    const var_ = this.#owned("var", SERVER_USER);
    return [
      ...Object.entries(SETTINGS).map(([name, value]) => `--env=${name}=${value}`),
      `--volume=/app/var=${var_}`,
    ];
  }

  async #startDatabase(): Promise<void> {
    const data = this.#owned("database", 0);
    chmodSync(data, 0o777);
    const database = this.#start(
      "database",
      [
        `--volume=/mnt=${data}`,
        `--file=/opt/database=${join(ROOT, "infra/proof/database")}`,
        ...[`--env=LISTEN=${DATABASE}`, `--env=PORT=${DATABASE_PORT}`, "--env=PASSWORD=Base-da-prova-5310"],
      ],
      ["sh", "/opt/database"],
    );
    await database.hasSaid("the clinic's database is there");
  }

  async #startRelay(): Promise<void> {
    const relay = this.#start(
      "relay",
      [
        ...[`--env=TURN_SECRET=${SETTINGS.TURN_SECRET}`, "--env=PUBLIC_URL=https://turn1.lab"],
        ...[`--file=/mnt/chain.pem=${this.folder}/chain.pem`, `--file=/mnt/leaf.key=${this.folder}/leaf.key`],
      ],
      [
        "all-in-one/relay",
        ...[
          `--listening-ip=${RELAY}`,
          `--relay-ip=${RELAY}`,
          "--cert=/mnt/chain.pem",
          "--pkey=/mnt/leaf.key",
        ],
        // Documentation addresses are this laboratory's public ones.
        ...["--allowed-peer-ip=198.51.100.0-198.51.100.255", `--allowed-peer-ip=${RELAY}`],
      ],
    );
    await relay.hasSaid("DB connection success");
  }

  async #startEdge(): Promise<void> {
    const shipped = readFileSync(join(ROOT, "infra/caddy/Caddyfile"), "utf8");
    const lines = shipped.split("\n").filter((line) => !line.includes(NEWER_THAN_DEBIANS));
    if (lines.length !== shipped.split("\n").length - 1)
      throw new Error("the Caddyfile has changed: look here");
    writeFileSync(join(this.folder, "Caddyfile"), lines.join("\n"));
    writeFileSync(join(this.folder, "edge-hosts"), `127.0.0.1 localhost app\n${APP} app.lab\n`);
    const edge = this.#start(
      "edge",
      [
        ...["--env=SITE=app.lab", "--env=TLS=tls /mnt/chain.pem /mnt/leaf.key", "--env=HOME=/tmp"],
        ...[`--file=/mnt/chain.pem=${this.folder}/chain.pem`, `--file=/mnt/leaf.key=${this.folder}/leaf.key`],
        ...[`--file=/mnt/Caddyfile=${this.folder}/Caddyfile`, `--file=/etc/hosts=${this.folder}/edge-hosts`],
      ],
      ["caddy", "run", "--config", "/mnt/Caddyfile", "--adapter", "caddyfile"],
    );
    await edge.hasSaid("serving initial configuration");
  }

  #start(name: string, options: string[], command: string[]): Program {
    const program = new Program(this.#machine(name, options, command), join(this.folder, `${name}.log`));
    this.#machines.push(program);
    return program;
  }

  #machine(name: string, options: readonly string[], command: readonly string[] = []): string[] {
    const words = ["python3", PROOF, "run", name, ...options];
    return [...this.#network.inside("srv"), ...words, ...(command.length ? ["--", ...command] : [])];
  }

  #owned(name: string, user: number): string {
    const folder = join(this.folder, name);
    mkdirSync(folder, { recursive: true });
    chownSync(folder, user, user);
    return folder;
  }

  #answers(path: string): Promise<boolean> {
    const ask = `import sys, urllib.request as r
try: sys.exit(r.urlopen("http://127.0.0.1:8080${path}", timeout=2).status != 200)
except OSError: sys.exit(1)`;
    const [program = "", ...words] = [...this.#network.inside("srv"), "python3", "-c", ask];
    return promisify(execFile)(program, words).then(
      () => true,
      () => false,
    );
  }
}
