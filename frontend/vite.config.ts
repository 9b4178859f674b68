import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { extname, join, resolve } from "node:path";
import * as zlib from "node:zlib";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";
import { elsewhere } from "./elsewhere.ts";

const backend = process.env.TELECONSULTA_BACKEND ?? "http://localhost:8080";
/** Set when the server is at another origin than the app. */
const away = process.env.VITE_BACKEND_URL;

/**
 * All of the patient's way, from the link to the farewell, in one file with what every page needs:
 * over a slow link each further file costs a round trip before anybody reads a word.
 */
const BASE =
  /vite\/preload-helper|node_modules\/(react|react-dom|scheduler|wouter|regexparam|use-sync-external-store|socket\.io[^/]*|engine\.io[^/]*|@socket\.io)\/|src\/(main|routes|config|rtc\/|signaling\/|call\/|components\/|pages\/(precall|call)\/(?!withdraw-dialog|notes-panel)|api\/(client|session|patience|invitee|demo)|i18n\/(?!en\/|es\/|pt-BR\/(?!base|call|codes|common|equipment|precall)))/;

/** Only staff pages ask questions of this kind. */
const STAFF = /node_modules\/@tanstack\//;

/** What few people who wait ever see: in one file, as each one's name alone weighs on everybody's way. */
const QUEUE = /src\/(pages\/queue\/(said|remind-me|push)|api\/visitor|i18n\/pt-BR\/queue)/;

const COMPRESSIBLE = new Set([".html", ".js", ".css", ".svg", ".webmanifest"]);
const WORTH_BYTES = 1024;

/** Node has it since 22.15; `@types/node` of the oldest Node that builds this does not know it. */
interface Zstd {
  zstdCompressSync?: (plain: Buffer, options: { params: Record<number, number> }) => Buffer;
  constants: { ZSTD_c_compressionLevel?: number };
}
/** Higher levels take a minute for a percent. */
const ZSTD_LEVEL = 19;

function zstd(plain: Buffer): Buffer | null {
  const { zstdCompressSync, constants } = zlib as unknown as Zstd;
  const level = constants.ZSTD_c_compressionLevel;
  return zstdCompressSync && level ? zstdCompressSync(plain, { params: { [level]: ZSTD_LEVEL } }) : null;
}

/**
 * Compresses once what the server then sends as it stands: brotli, the smallest, for nearly everybody, zstd where only
 * that is taken, gzip for the rest.
 */
function precompress(): Plugin {
  let folder = "dist";
  return {
    name: "precompress",
    apply: "build",
    configResolved: (config) => {
      folder = resolve(config.root, config.build.outDir);
    },
    closeBundle: () => {
      for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
        if (!COMPRESSIBLE.has(extname(name))) continue;
        const plain = readFileSync(join(folder, name));
        if (plain.length < WORTH_BYTES) continue;
        writeFileSync(join(folder, `${name}.br`), zlib.brotliCompressSync(plain));
        writeFileSync(join(folder, `${name}.gz`), zlib.gzipSync(plain, { level: 9 }));
        const other = zstd(plain);
        if (other) writeFileSync(join(folder, `${name}.zst`), other);
      }
    },
  };
}

export default defineConfig({
  plugins: [react(), tailwindcss(), precompress(), ...(away ? [elsewhere(away)] : [])],
  server: {
    host: "127.0.0.1",
    proxy: {
      // The server takes calls of its own pages only.
      "/api": { target: backend, headers: { origin: backend } },
      "/socket.io": { target: backend, ws: true, headers: { origin: backend } },
    },
  },
  build: {
    target: "es2022",
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: "base", priority: 2, test: BASE },
            { name: "staff", priority: 1, test: STAFF },
            { name: "queue", priority: 1, test: QUEUE },
          ],
        },
      },
    },
  },
  test: {
    include: ["src/**/*.test.ts", "src/**/*.test.tsx"],
    environment: "node",
    coverage: { provider: "v8", include: ["src/rtc/**", "src/signaling/**", "src/call/**"] },
  },
});
