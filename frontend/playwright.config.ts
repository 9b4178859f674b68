import { defineConfig } from "@playwright/test";
import { launchOptions, smallCamera } from "./e2e/support/chromium.ts";

/**
 * Two people share one machine: one worker and a small picture. No second tries that would hide a flaw, except where
 * nobody can ask again: there a test that came only at the second one is named at the end.
 */
export default defineConfig({
  testDir: "e2e",
  workers: 1,
  retries: process.env.CI ? 1 : 0,
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
