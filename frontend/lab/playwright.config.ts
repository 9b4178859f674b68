import { defineConfig } from "@playwright/test";

/** The network laboratory: one laboratory, one machine, one thing at a time. */
export default defineConfig({
  testDir: ".",
  testMatch: "*.lab.ts",
  workers: 1,
  retries: 0,
  forbidOnly: true,
  timeout: 120_000,
  expect: { timeout: 30_000 },
  reporter: [["list"], ["./support/reporter.ts"]],
  outputDir: "../test-results/lab",
  use: { actionTimeout: 30_000, navigationTimeout: 45_000 },
});
