import { defineConfig } from "@playwright/test";

/** `make proof`: the image as it runs in production, in the laboratory's networks, once. */
export default defineConfig({
  testDir: ".",
  testMatch: "*.proof.ts",
  workers: 1,
  retries: 0,
  forbidOnly: true,
  timeout: 180_000,
  expect: { timeout: 30_000 },
  reporter: [["list"]],
  outputDir: "../../test-results/proof",
  use: { actionTimeout: 30_000, navigationTimeout: 45_000 },
});
