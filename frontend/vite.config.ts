import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const backend = process.env.TELECONSULTA_BACKEND ?? "http://127.0.0.1:8080";

/** Staff pages alone use these; everything else of node_modules is on the patient's path. */
const STAFF = /node_modules\/(@tanstack|react-aria|@react-aria|react-stately|@react-stately|react-aria-components|@internationalized)\//;

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
            { name: "staff", test: STAFF },
            { name: "vendor", test: /node_modules\/(react|react-dom|scheduler|wouter|regexparam|use-sync-external-store)\// },
            { name: "call", test: /src\/(rtc|signaling|call)\/|node_modules\/(socket\.io|engine\.io|@socket\.io)/ },
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
