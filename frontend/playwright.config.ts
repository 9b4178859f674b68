import { defineConfig } from "@playwright/test";
import { launchOptions, smallCamera } from "./e2e/support/chromium.ts";

/** Two people share one machine: one worker, a small picture, and no second tries that would hide a flaw. */
export default defineConfig({
  testDir: "e2e",
  workers: 1,
  retries: 0,
  forbidOnly: true,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: [["list"]],
  use: {
    locale: "pt-BR",
    timezoneId: "America/Sao_Paulo",
    viewport: { width: 1100, height: 700 },
    actionTimeout: 15_000,
    navigationTimeout: 20_000,
    launchOptions: launchOptions(smallCamera()),
  },
});
