/** The server's side of the laboratory: the application behind TLS, two relays, and a plain rival beside it. */
import { execFile, execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Place, Server } from "../../e2e/support/server.ts";
import { type Network, ROOT } from "./network.ts";
import { Program } from "./programs.ts";

const APP = "203.0.113.10";
const RELAYS = ["203.0.113.11", "203.0.113.12"] as const;
const PORT = 8080;
export const NAIVE_PORT = 8090;
const SECRET = "relay-of-the-laboratory-0123456789";
const READY = `import sys, urllib.request as r
try: sys.exit(r.urlopen("http://127.0.0.1:${PORT}/readyz", timeout=2).status != 200)
except OSError: sys.exit(1)`;

export const ORIGIN = "https://app.lab";

/**
 * Two relays, as docs/operations advise: every way to the first, and of the second those that a blocked network leaves.
 * Each address is tried against each of the other side's, one every 50 ms: more of them make a call slower to find its way.
 */
function turnUrls(): string[] {
  return [
    "turn:turn1.lab:3478?transport=udp",
    "turn:turn1.lab:3478?transport=tcp",
    "turns:turn1.lab:443?transport=tcp",
    "turn:turn2.lab:3478?transport=udp",
    "turns:turn2.lab:443?transport=tcp",
  ];
}

/** A certificate authority for one day, and one certificate for every name of the laboratory. */
export function makeCertificates(folder: string): void {
  const openssl = (...words: string[]) => execFileSync("openssl", words, { cwd: folder, stdio: "ignore" });
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  openssl("req", "-x509", ...key, "-keyout", "ca.key", "-out", "ca.pem", "-days", "1", "-subj", "/CN=Lab CA");
  openssl("req", ...key, "-keyout", "leaf.key", "-out", "leaf.csr", "-subj", "/CN=app.lab");
  writeFileSync(
    join(folder, "leaf.ext"),
    "subjectAltName=DNS:app.lab,DNS:turn1.lab,DNS:turn2.lab\nextendedKeyUsage=serverAuth\n",
  );
  const signing = [
    "-CA",
    "ca.pem",
    "-CAkey",
    "ca.key",
    "-CAcreateserial",
    "-days",
    "1",
    "-extfile",
    "leaf.ext",
  ];
  openssl("x509", "-req", "-in", "leaf.csr", ...signing, "-out", "leaf.pem");
  const chain = readFileSync(join(folder, "leaf.pem"), "utf8") + readFileSync(join(folder, "ca.pem"), "utf8");
  writeFileSync(join(folder, "chain.pem"), chain);
  writeFileSync(join(folder, "proxy.pem"), chain + readFileSync(join(folder, "leaf.key"), "utf8"));
  // coturn gives up its rights before it reads them.
  for (const name of ["chain.pem", "leaf.key", "ca.pem"]) chmodSync(join(folder, name), 0o644);
}

/** TLS in front, as every installation has it. */
function proxySettings(folder: string): string {
  const file = join(folder, "proxy.cfg");
  writeFileSync(
    file,
    `global
  log stdout format raw local0 notice
defaults
  mode http
  option http-server-close
  option forwardfor
  timeout connect 2s
  timeout client 60s
  timeout server 60s
  timeout tunnel 1h
  timeout http-request 10s
frontend app
  bind ${APP}:443 ssl crt ${join(folder, "proxy.pem")} alpn http/1.1
  http-request set-header X-Forwarded-Proto https
  use_backend naive if { path_beg /naive/ }
  default_backend app
backend app
  server app 127.0.0.1:${PORT}
backend naive
  server naive 127.0.0.1:${NAIVE_PORT}
`,
  );
  return file;
}

export interface SiteOptions {
  /** How long relay credentials live, s. */
  readonly turnTtl?: number;
}

export class Site {
  readonly server: Server;
  readonly folder: string;
  readonly #network: Network;
  readonly #proxy: Program;
  readonly #naive: Program;
  readonly #relays: (Program | null)[] = [null, null];

  private constructor(network: Network, folder: string, server: Server, proxy: Program, naive: Program) {
    this.#network = network;
    this.folder = folder;
    this.server = server;
    this.#proxy = proxy;
    this.#naive = naive;
  }

  static async open(network: Network, folder: string, options: SiteOptions = {}): Promise<Site> {
    mkdirSync(folder, { recursive: true });
    makeCertificates(folder);
    const inside = network.inside("srv");
    const place: Place = {
      prefix: inside,
      port: PORT,
      origin: ORIGIN,
      env: {
        PUBLIC_URL: ORIGIN,
        TRUSTED_PROXIES: "127.0.0.1",
        STUN_URLS: "stun:turn1.lab:3478",
        TURN_URLS: turnUrls().join(","),
        TURN_SECRET: SECRET,
        TURN_TTL_SECONDS: String(options.turnTtl ?? 600),
      },
      answers: () =>
        promisify(execFile)(inside[0] ?? "", [...inside.slice(1), "python3", "-c", READY]).then(
          () => true,
          () => false,
        ),
    };
    const proxy = new Program(
      [...inside, "haproxy", "-db", "-f", proxySettings(folder)],
      join(folder, "proxy.log"),
    );
    const naive = new Program(
      [...inside, process.execPath, join(import.meta.dirname, "../naive/server.js")],
      join(folder, "naive.log"),
      { PORT: String(NAIVE_PORT), TURN_URLS: turnUrls().slice(0, 3).join(","), TURN_SECRET: SECRET },
    );
    const site = new Site(network, folder, await Server.launch(place), proxy, naive);
    await naive.hasSaid("ready");
    for (const at of RELAYS.keys()) await site.startRelay(at);
    return site;
  }

  get authority(): string {
    return join(this.folder, "ca.pem");
  }

  /** The relay as it is shipped, with the laboratory's names and addresses. */
  async startRelay(at: number): Promise<void> {
    if (this.#relays[at]) return;
    const ip = RELAYS[at];
    const log = join(this.folder, `relay${at}-${Date.now()}.log`);
    this.#relays[at] = new Program(
      [
        ...this.#network.inside("srv"),
        "turnserver",
        ...["-c", join(ROOT, "infra/coturn/turnserver.conf")],
        ...[`--listening-ip=${ip}`, `--relay-ip=${ip}`, "--tls-listening-port=443"],
        ...[`--static-auth-secret=${SECRET}`, `--realm=turn${at + 1}.lab`],
        ...[`--cert=${join(this.folder, "chain.pem")}`, `--pkey=${join(this.folder, "leaf.key")}`],
        // Documentation addresses are this laboratory's public ones.
        ...[
          "--allowed-peer-ip=198.51.100.0-198.51.100.255",
          ...RELAYS.map((one) => `--allowed-peer-ip=${one}`),
        ],
        ...[
          `--pidfile=${join(this.folder, `relay${at}.pid`)}`,
          `--userdb=${join(this.folder, `relay${at}.db`)}`,
        ],
      ],
      log,
    );
    await this.#relays[at]?.hasSaid("DB connection success");
  }

  async killRelay(at: number): Promise<void> {
    await this.#relays[at]?.end("SIGKILL");
    this.#relays[at] = null;
  }

  async close(): Promise<void> {
    await Promise.all([this.#proxy.end(), this.#naive.end(), this.killRelay(0), this.killRelay(1)]);
    await this.server.remove();
  }
}
