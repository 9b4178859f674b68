/** The app at one site and its server at another, both by HTTPS, as with a host of static files. */
import { execFile, execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server as Web } from "node:https";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { extname, join, resolve } from "node:path";
import { createServer as createTlsServer, type Server as Tls } from "node:tls";
import { promisify } from "node:util";
import { freePort, Server } from "./server.ts";

const FRONTEND = resolve(import.meta.dirname, "../..");
const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
};

/** No two of these names belong to one site. A browser finds them with `RESOLVER`. */
const NAMES = { app: "app.clinica.test", api: "api.servidor.test", stranger: "www.outra.test" };
export const RESOLVER = "--host-resolver-rules=MAP *.test 127.0.0.1";

export class TwoSites {
  readonly app: string;
  readonly api: string;
  /** The very same pages at an address that the server does not know. */
  readonly stranger: string;
  readonly server: Server;
  readonly #folder: string;
  readonly #listening: readonly (Web | Tls)[];

  private constructor(
    ports: { app: number; api: number },
    folder: string,
    server: Server,
    listening: readonly (Web | Tls)[],
  ) {
    this.app = `https://${NAMES.app}:${ports.app}`;
    this.api = `https://${NAMES.api}:${ports.api}`;
    this.stranger = `https://${NAMES.stranger}:${ports.app}`;
    this.#folder = folder;
    this.server = server;
    this.#listening = listening;
  }

  static async open(): Promise<TwoSites> {
    const folder = mkdtempSync(join(tmpdir(), "teleconsulta-sites-"));
    const ports = { app: await freePort(), api: await freePort() };
    const api = `https://${NAMES.api}:${ports.api}`;
    const app = `https://${NAMES.app}:${ports.app}`;
    const identity = certificate(folder);
    const env = { PUBLIC_URL: api, APP_URL: app };
    const [server] = await Promise.all([Server.launch({ env }), build(join(folder, "dist"), api)]);
    const pages = createServer(identity, staticHost(join(folder, "dist")));
    const edge = createTlsServer(identity, (socket) => {
      const behind = connect(server.port, "127.0.0.1");
      socket.pipe(behind).pipe(socket);
      for (const end of [socket, behind])
        end.on("error", () => {
          socket.destroy();
          behind.destroy();
        });
    });
    await Promise.all([listen(pages, ports.app), listen(edge, ports.api)]);
    return new TwoSites(ports, folder, server, [pages, edge]);
  }

  async close(): Promise<void> {
    for (const one of this.#listening) one.close();
    await this.server.remove();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function listen(web: Web | Tls, port: number): Promise<void> {
  return new Promise((done) => web.listen(port, "127.0.0.1", () => done()));
}

/** Good for a day, and believed by nobody who was not told to. */
function certificate(folder: string): { key: Buffer; cert: Buffer } {
  const [key, cert] = [join(folder, "site.key"), join(folder, "site.pem")];
  const names = Object.values(NAMES).map((name) => `DNS:${name}`);
  const kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1"];
  const words = ["req", "-x509", ...kind, "-keyout", key, "-out", cert, "-subj", "/CN=two sites"];
  execFileSync("openssl", [...words, "-addext", `subjectAltName=${names.join(",")}`], { stdio: "ignore" });
  return { key: readFileSync(key), cert: readFileSync(cert) };
}

async function build(folder: string, api: string): Promise<void> {
  const vite = join(FRONTEND, "node_modules/vite/bin/vite.js");
  await promisify(execFile)(
    process.execPath,
    [vite, "build", "--outDir", folder, "--emptyOutDir", "--logLevel", "error"],
    { cwd: FRONTEND, env: { ...process.env, VITE_BACKEND_URL: api } },
  );
}

/** Answers as a host of static files does that reads the built `_headers` and falls back to the app's page. */
function staticHost(folder: string): Parameters<typeof createServer>[1] {
  const common = readFileSync(join(folder, "_headers"), "utf8")
    .split(/^\/assets/m)[0]
    ?.matchAll(/^ {2}([\w-]+): (.+)$/gm);
  const headers = [...(common ?? [])].map(([, name = "", value = ""]) => [name, value] as const);
  return (request, answer) => {
    const path = new URL(request.url ?? "/", "https://here").pathname;
    const wanted = join(folder, path);
    const file = extname(path) && existsSync(wanted) ? wanted : join(folder, "index.html");
    for (const [name, value] of headers) answer.setHeader(name, value);
    answer.setHeader("Content-Type", TYPES[extname(file)] ?? "application/octet-stream");
    if (extname(path) && !existsSync(wanted)) answer.statusCode = 404;
    answer.end(readFileSync(file));
  };
}
