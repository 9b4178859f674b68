/** Prints the table when all is done. */
import type { Reporter } from "@playwright/test/reporter";
import { load, table } from "./findings.ts";

export default class TableReporter implements Reporter {
  readonly #began = new Date().toISOString();

  onEnd(): void {
    const findings = load().filter(({ takenAt }) => process.env.LAB_ALL || takenAt >= this.#began);
    if (findings.length) process.stdout.write(`\n${table(findings)}\n`);
  }
}
