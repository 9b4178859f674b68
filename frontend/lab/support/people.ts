/** A browser in a house of the network, and the people who sit before it. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { type Browser, chromium } from "@playwright/test";
import { FAKE_CONSENT, FAKE_DEVICES, launchOptions } from "../../e2e/support/chromium.ts";
import { Person } from "../../e2e/support/person.ts";
import { type House, LAB, type Network } from "./network.ts";
import { probe } from "./probe.ts";
import { ORIGIN } from "./site.ts";
import { scene, voice } from "./speech.ts";

/** The programs themselves: Debian's wrapper script asks things that a namespace without a network cannot answer. */
const PROGRAMS = ["/usr/lib/chromium/chromium", "/usr/bin/chromium", "/usr/bin/google-chrome"];

export interface Camera {
  readonly width: number;
  readonly height: number;
  readonly fps: number;
}

/** Two pairs of it fit on two cores. */
export const SMALL: Camera = { width: 320, height: 180, fps: 10 };
export const MIDDLE: Camera = { width: 640, height: 360, fps: 15 };

/** Browsers believe the laboratory's authority, for pages and for relays by TLS. */
function trust(home: string, authority: string): void {
  const store = join(home, ".pki/nssdb");
  if (existsSync(store)) return;
  mkdirSync(store, { recursive: true });
  execFileSync("certutil", ["-d", `sql:${store}`, "-N", "--empty-password"]);
  execFileSync("certutil", ["-d", `sql:${store}`, "-A", "-t", "C,,", "-n", "lab", "-i", authority]);
}

export async function launch(
  network: Network,
  house: House,
  folder: string,
  authority: string,
  camera: Camera,
): Promise<Browser> {
  const home = join(folder, house);
  trust(home, authority);
  const options = launchOptions([
    FAKE_DEVICES,
    FAKE_CONSENT,
    `--use-file-for-fake-audio-capture=${voice(folder, house === "alice" ? 0 : 1)}`,
    `--use-file-for-fake-video-capture=${scene(folder, camera.width, camera.height, camera.fps)}`,
  ]);
  const program = process.env.CHROMIUM ?? PROGRAMS.find((path) => existsSync(path)) ?? "chromium";
  return chromium.launch({
    ...options,
    executablePath: join(LAB, "in-namespace"),
    env: { ...process.env, HOME: home, LAB_NAMESPACE: network.namespace(house), LAB_PROGRAM: program },
  });
}

export async function arrive(browser: Browser): Promise<Person> {
  const person = await Person.arrive(browser, ORIGIN, {
    locale: "pt-BR",
    timezoneId: "America/Sao_Paulo",
    viewport: { width: 900, height: 640 },
  });
  await person.context.addInitScript(probe);
  return person;
}
