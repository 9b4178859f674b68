/** The test function of the laboratory: networks, a site, two browsers; every row begins with everything at home. */
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, test as base, type Page } from "@playwright/test";
import { type Call, consult, Doctor, end, rival } from "./consultation.ts";
import { type Finding, save, type Who } from "./findings.ts";
import { Network } from "./network.ts";
import { arrive, type Camera, launch, SMALL } from "./people.ts";
import { Site, type SiteOptions } from "./site.ts";

export { expect } from "@playwright/test";

/** A few minutes of it, as a part of `make test`: each marked row once. */
export const SHORT = Boolean(process.env.LAB_SHORT);
/** How often each figure is taken; the rival's, which only shows the difference, less often. */
export const RUNS = SHORT ? 1 : Number(process.env.LAB_RUNS ?? 10);
export const NAIVE_RUNS = SHORT ? 0 : Math.min(RUNS, Number(process.env.LAB_NAIVE_RUNS ?? 3));

/** Marks a row of the short run. */
export const inShort = (short: boolean) => (short ? { tag: "@short" } : {});

export class Laboratory {
  readonly network: Network;
  readonly site: Site;
  readonly alice: Browser;
  readonly bob: Browser;
  readonly doctor: Doctor;
  readonly #folder: string;

  private constructor(
    network: Network,
    site: Site,
    alice: Browser,
    bob: Browser,
    doctor: Doctor,
    folder: string,
  ) {
    this.network = network;
    this.site = site;
    this.alice = alice;
    this.bob = bob;
    this.doctor = doctor;
    this.#folder = folder;
  }

  static async open(options: SiteOptions & { readonly camera?: Camera } = {}): Promise<Laboratory> {
    const folder = mkdtempSync(join(tmpdir(), "teleconsulta-lab-"));
    chmodSync(folder, 0o755);
    const network = await Network.make();
    const site = await Site.open(network, folder, options);
    const { camera = SMALL } = options;
    const [alice, bob] = await Promise.all([
      launch(network, "alice", folder, site.authority, camera),
      launch(network, "bob", folder, site.authority, camera),
    ]);
    const doctor = await Doctor.arrive(bob, site.server);
    return new Laboratory(network, site, alice, bob, doctor, folder);
  }

  /** A consultation of ours while `work` is done. */
  async consultation<T>(work: (call: Call) => Promise<T>): Promise<T> {
    const call = await consult(this.doctor, this.alice);
    try {
      return await work(call);
    } finally {
      await this.network.home();
      await end(this.doctor, call).catch(() => call.leave());
    }
  }

  rival(): ReturnType<typeof rival<Page>> {
    return rival(() => arrive(this.alice), this.bob);
  }

  async close(): Promise<void> {
    await Promise.allSettled([this.alice.close(), this.bob.close()]);
    await this.site.close();
    await this.network.remove();
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

/** Keeps a figure for the table. */
export function note(
  figure: Pick<Finding, "row" | "figure" | "unit" | "target" | "atLeast">,
  values: Record<Who, number[]>,
): void {
  save({ ...figure, ...values, takenAt: new Date().toISOString(), load: loadavg()[0] ?? 0 });
}

interface Options {
  siteOptions: SiteOptions & { readonly camera?: Camera };
}

export const test = base.extend<{ home: undefined }, { lab: Laboratory } & Options>({
  siteOptions: [{}, { option: true, scope: "worker" }],
  lab: [
    async ({ siteOptions }, use) => {
      const lab = await Laboratory.open(siteOptions);
      await use(lab);
      await lab.close();
    },
    { scope: "worker", timeout: 90_000 },
  ],
  home: [
    async ({ lab }, use) => {
      await lab.network.home();
      await use(undefined);
    },
    { auto: true },
  ],
});
