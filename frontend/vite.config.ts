import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const backend = process.env.TELECONSULTA_BACKEND ?? "http://127.0.0.1:8080";

/** React, our own parts and words: every page needs them. */
const BASE =
  /vite\/preload-helper|node_modules\/(react|react-dom|scheduler|wouter|regexparam|use-sync-external-store)\/|src\/(config|rtc\/value|components\/|pages\/precall\/link-token|api\/(client|session|patience|invitee)|i18n\/(?!en\/|es\/))/;

/** From the personal link to the farewell, for both sides. */
const CALL =
  /src\/(rtc|signaling|call|pages\/precall|pages\/call)\/|node_modules\/(socket\.io|engine\.io|@socket\.io)/;

/** Only staff pages ask questions of this kind. */
const STAFF = /node_modules\/@tanstack\//;

export default defineConfig({
  plugins: [react(), tailwindcss()],
  server: {
    host: "127.0.0.1",
    proxy: {
      "/api": backend,
      "/socket.io": { target: backend, ws: true },
    },
  },
  build: {
    target: "es2022",
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        // The patient loads few files over a slow link: one for the libraries, one for the call, one for the page.
        codeSplitting: {
          groups: [
            { name: "base", priority: 3, test: BASE },
            { name: "call", priority: 2, test: CALL },
            { name: "staff", priority: 1, test: STAFF },
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
