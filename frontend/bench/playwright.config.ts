import { defineConfig } from "@playwright/test";
import { browserOptions } from "./support/browser.ts";

/** Drivers of `make bench`. Each writes one JSON file; the servers are running already, and BENCH names them. */
export default defineConfig({
  testDir: ".",
  testMatch: "*.bench.ts",
  workers: 1,
  retries: 0,
  timeout: 600_000,
  expect: { timeout: 20_000 },
  reporter: [["line"]],
  outputDir: process.env.BENCH_TRACES ?? "test-results",
  use: {
    locale: "pt-BR",
    timezoneId: "America/Sao_Paulo",
    viewport: { width: 1100, height: 700 },
    actionTimeout: 20_000,
    navigationTimeout: 20_000,
    launchOptions: browserOptions(),
  },
});
