/** One person, one seat, one call in the record: whatever tabs, reloads and sleeping laptops do. */
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as pass } from "node:timers/promises";
import { type BrowserServer, chromium } from "@playwright/test";
import { launchOptions, smallCamera } from "./support/chromium.ts";
import type { Clinic, Consultation } from "./support/clinic.ts";
import { Person } from "./support/person.ts";
import { meet, status } from "./support/steps.ts";
import { expect, test, words } from "./support/test.ts";

const STORM = 10;
const ASLEEP_MS = 25_000;

interface Stats {
  details: { room_id: string; participants: number; connections: number }[];
}

/** Two people, a seat and a socket each, and one call that began when `before` says. */
async function isOneCall(clinic: Clinic, room: Consultation["room"], before: { id: string }): Promise<void> {
  const call = await clinic.callOf(room, "open");
  expect(call.id).toBe(before.id);
  expect(call.participants.map(({ role }) => role).sort()).toEqual(["doctor", "patient"]);
  await expect
    .poll(async () => {
      const { details } = await clinic.doctor<Stats>("GET", "/webrtc/stats");
      const { participants, connections } = details.find(({ room_id }) => room_id === room.id) ?? {};
      return { participants, connections };
    })
    .toEqual({ participants: 2, connections: 2 });
}

test.describe("a storm of reloads", () => {
  for (const who of ["patient", "doctor"] as const)
    test(`ten by the ${who} in a row, and nothing is lost or doubled`, async ({
      doctor,
      patient,
      server,
      clinic,
    }) => {
      const { room } = await meet(doctor, patient, server, clinic);
      const before = await clinic.callOf(room, "open");
      const { page } = who === "patient" ? patient : doctor;
      for (let time = 1; time <= STORM; time++) {
        await page.reload({ waitUntil: "commit" });
        // Each is broken off at another point of coming in: before, during and after the handshake.
        await pass(time * 70);
      }
      await Promise.all([doctor.media.receives(), patient.media.receives()]);
      for (const person of [doctor, patient])
        await expect(person.page.locator("video[data-participant]")).toHaveCount(2);
      await isOneCall(clinic, room, before);
    });
});

test.describe("a second tab", () => {
  test("of the doctor asks, takes over, and gives back", async ({ doctor, patient, server, clinic }) => {
    const { room } = await meet(doctor, patient, server, clinic);
    const before = await clinic.callOf(room, "open");
    const second = await doctor.openTab();
    await second.page.goto(`/medico/${room.id}`);
    const question = second.page.getByRole("heading", { name: words["code.seat_taken"] });
    const enter = second.page.getByRole("button", { name: "Entrar na consulta" });
    await expect(question.or(enter)).toBeVisible();
    if (await enter.isVisible()) await enter.click();
    await expect(question).toBeVisible();
    await doctor.media.receives();

    await second.page.getByRole("button", { name: words["again.here"] }).click();
    await expect(doctor.page.getByRole("heading", { name: words["code.replaced"] })).toBeVisible();
    await Promise.all([second.media.receives(), patient.media.receives()]);
    await doctor.media.isReleased();

    await doctor.page.getByRole("button", { name: words["again.here"] }).click();
    await expect(second.page.getByRole("heading", { name: words["code.replaced"] })).toBeVisible();
    await Promise.all([doctor.media.receives(), patient.media.receives()]);
    await isOneCall(clinic, room, before);
  });

  test("that is a copy of the patient's asks as well", async ({ doctor, patient, server, clinic }) => {
    const { room } = await meet(doctor, patient, server, clinic);
    const before = await clinic.callOf(room, "open");
    // As "duplicate tab" does: the same address, and a copy of what the tab remembers.
    const [copy] = await Promise.all([
      patient.context.waitForEvent("page"),
      patient.page.evaluate(() => void window.open(location.href)),
    ]);
    await expect(copy.getByRole("heading", { name: words["code.seat_taken"] })).toBeVisible();
    await Promise.all([doctor.media.receives(), patient.media.receives()]);
    await copy.close();
    await isOneCall(clinic, room, before);
  });
});

/** A process and all that it has started. */
function familyOf(pid: number): number[] {
  const parents = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const [, parent] = /^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${name}/status`, "utf8")) ?? [];
        return [[Number(name), Number(parent)] as const];
      } catch {
        return []; // it has ended meanwhile
      }
    });
  const family = [pid];
  for (const member of family)
    family.push(...parents.filter(([, parent]) => parent === member).map(([child]) => child));
  return family;
}

function signal(browser: BrowserServer, name: "SIGSTOP" | "SIGCONT"): void {
  const { pid } = browser.process();
  if (!pid) throw new Error("the browser has no process");
  for (const member of familyOf(pid)) process.kill(member, name);
}

test("a laptop that slept wakes up in the same call", async ({ doctor, server, clinic }) => {
  test.setTimeout(120_000);
  const laptop = await chromium.launchServer(launchOptions(smallCamera()));
  try {
    const browser = await chromium.connect(laptop.wsEndpoint());
    const patient = await Person.arrive(browser, server.origin, { locale: "pt-BR" });
    const { room } = await meet(doctor, patient, server, clinic);
    const before = await clinic.callOf(room, "open");

    signal(laptop, "SIGSTOP");
    const asleep = pass(ASLEEP_MS);
    await expect(status(doctor.page)).toContainText(words["call.state.reconnecting"], { timeout: ASLEEP_MS });
    await asleep; // how long it sleeps is what this is about
    signal(laptop, "SIGCONT");
    const woke = performance.now();
    await Promise.all([doctor.media.receives(), patient.media.receives()]);
    const took = Math.round(performance.now() - woke);
    test.info().annotations.push({ type: "media back, ms after waking", description: String(took) });
    await expect(status(doctor.page)).toContainText(words["call.state.talking"]);
    await expect(status(patient.page)).toContainText(words["call.state.talking"]);
    await isOneCall(clinic, room, before);
    expect(patient.crashes).toEqual([]);
  } finally {
    // A stopped browser hears no goodbye.
    signal(laptop, "SIGCONT");
    await laptop.close();
  }
});
