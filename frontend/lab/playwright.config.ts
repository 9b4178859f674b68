import { defineConfig } from "@playwright/test";

/** The rows asked for, as `N2 A5`; in a short run those that are marked so; else all. */
function chosen(): RegExp {
  const rows = (process.env.LAB_ROWS ?? "").trim().split(/\s+/).filter(Boolean);
  if (rows.length) return new RegExp(`(^|\\s)(${rows.join("|")})\\s`);
  return process.env.LAB_SHORT ? /@short/ : /./;
}

/** The network laboratory: one laboratory, one machine, one thing at a time. */
export default defineConfig({
  testDir: ".",
  testMatch: "*.lab.ts",
  grep: chosen(),
  workers: 1,
  retries: 0,
  forbidOnly: true,
  timeout: 120_000,
  expect: { timeout: 30_000 },
  reporter: [["list"], ["./support/reporter.ts"]],
  outputDir: "../test-results/lab",
  use: { actionTimeout: 30_000, navigationTimeout: 45_000 },
});
