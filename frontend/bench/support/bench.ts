/** What `make bench` hands to its drivers, and where their findings go. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, BrowserContext, Page } from "@playwright/test";
import { probe } from "./probe.ts";

export type SystemName = "ours" | "peerjs" | "seed";

interface Brief {
  systems: Record<SystemName, { origin: string; pid: number }>;
  password: string;
  /** How many times each figure is taken. */
  runs: number;
  out: string;
}

function readBrief(): Brief {
  const given = process.env.BENCH;
  if (!given) throw new Error("BENCH is not set: these drivers are started by `make bench`");
  return JSON.parse(given) as Brief;
}

export const brief = readBrief();

export function save(name: string, findings: unknown): void {
  writeFileSync(join(brief.out, `${name}.json`), `${JSON.stringify(findings, null, 2)}\n`);
}

/** Milliseconds of processor time a system's server has used, by the scheduler's counters; null where there are none. */
export function cpuOf(system: SystemName): number | null {
  try {
    const tasks = `/proc/${brief.systems[system].pid}/task`;
    const nanoseconds = readdirSync(tasks).map((task) =>
      Number(readFileSync(`${tasks}/${task}/schedstat`, "utf8").split(" ")[0]),
    );
    return nanoseconds.reduce((sum, one) => sum + one, 0) / 1e6;
  } catch {
    return null;
  }
}

/** A person with an empty cache, whose page is looked at from inside. */
export async function arrive(
  browser: Browser,
  system: SystemName,
  press: string | null = null,
): Promise<{ context: BrowserContext; page: Page }> {
  const context = await browser.newContext({ baseURL: brief.systems[system].origin });
  await context.addInitScript(probe, press);
  return { context, page: await context.newPage() };
}

/** Times each of `turns` once without counting it, then `runs` times, taking turns. */
export async function takeTurns<T>(
  turns: readonly (readonly [name: string, once: () => Promise<T>])[],
  runs = brief.runs,
): Promise<Record<string, T[]>> {
  const found: Record<string, T[]> = Object.fromEntries(turns.map(([name]) => [name, []]));
  for (let run = 0; run <= runs; run++) {
    for (const [name, once] of turns) {
      const sample = await once();
      if (run > 0) found[name]?.push(sample);
    }
  }
  return found;
}
