/** From a clean Debian root to a call: HTTPS, an external PostgreSQL, and no way but the relay. */
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { type Browser, expect, test } from "@playwright/test";
import { consult, Doctor, end, samples } from "../support/consultation.ts";
import { Network } from "../support/network.ts";
import { launch, SMALL } from "../support/people.ts";
import { Clinic, DOCTOR } from "./clinic.ts";

const TALK_MS = 5_000;

let folder: string;
let network: Network;
let clinic: Clinic;
let browsers: Browser[] = [];

test.beforeAll(async () => {
  test.setTimeout(120_000);
  folder = mkdtempSync(join(tmpdir(), "teleconsulta-proof-"));
  chmodSync(folder, 0o755);
  network = await Network.make("tcp");
  clinic = await Clinic.open(network, folder);
  browsers = await Promise.all(
    (["alice", "bob"] as const).map((house) => launch(network, house, folder, clinic.authority, SMALL)),
  );
});

test.afterAll(async () => {
  await Promise.allSettled(browsers.map((browser) => browser.close()));
  await clinic?.close();
  await network?.remove();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
});

test("two people talk through the relay alone, and the record says so", async () => {
  for (const site of ["a", "b"] as const) await network.firewall(site, "no_udp");
  const [patients, doctors] = browsers as [Browser, Browser];
  const doctor = await Doctor.arrive(doctors, DOCTOR);
  const began = Date.now();
  const call = await consult(doctor, patients);
  await pause(TALK_MS);
  for (const side of [call.a, call.b]) {
    const seen = await samples(side, began);
    expect(seen.at(-1)?.path, "the way sent by").toContain("relay");
    expect(seen.at(-1)?.frames, "pictures arrive").toBeGreaterThan(0);
  }
  await end(doctor, call);
  const record = await doctor.record(call.room.id);
  expect(record.path, "the record's way").toBe("relay");
  expect(record.state).toBe("ended");
});

test("it is a production server", async () => {
  const page = await (browsers[1] as Browser).newPage({ baseURL: "https://app.lab" });
  await page.goto("/");
  // By the browser, which believes the laboratory's authority.
  const statuses = await page.evaluate(
    async (paths) => {
      const answers = await Promise.all(paths.map((path) => fetch(path)));
      return answers.map(({ status }) => status);
    },
    ["/api/demo", "/readyz"],
  );
  expect(statuses).toEqual([404, 200]);
  await page.close();
});

test("people who never finish their request keep nobody out", async () => {
  expect(await clinic.besieged()).toEqual({ slow: 1_100, served: 10, of: 10, borne: 0 });
});

test("asked to end, it ends well, and comes back to what it had", async () => {
  expect(await clinic.isHealthy()).toBe(true);
  expect(await clinic.stopServer()).toBe(0);
  await clinic.startServer();
  expect(await clinic.teleconsulta(["--version"])).toContain("Teleconsulta");
});
