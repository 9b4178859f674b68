/** P2 and P11: Admitir is pressed, devices are open. Beside it the baselines' joining, devices open as well. */

import { setTimeout as pause } from "node:timers/promises";
import { type Browser, test } from "@playwright/test";
import { arrive, save, takeTurns } from "./support/bench.ts";
import { admitButton, Doctor, waitingPatient } from "./support/clinic.ts";
import { clickOn, firstPicture, marksOf } from "./support/probe.ts";
import { devicesOpen, firstPerson, leave, newRoom, RIVALS, type Rival } from "./support/rivals.ts";

/** As long as anybody waits at the least. */
const SETTLE_MS = 1_000;

/** Milliseconds from the click. */
interface Sample {
  doctor: number;
  patient: number;
  /** The patient's page changed to the call. */
  stage?: number;
}

async function ours(browser: Browser, doctor: Doctor): Promise<Sample> {
  const patient = await waitingPatient(browser, doctor);
  await pause(SETTLE_MS);
  await admitButton(doctor.page).click();
  const [byDoctor, byPatient] = await Promise.all([firstPicture(doctor.page), firstPicture(patient.page)]);
  const clicked = await clickOn(doctor.page, "Admitir");
  const { stage } = await marksOf(patient.page);
  await doctor.end();
  await patient.context.close();
  return { doctor: byDoctor - clicked, patient: byPatient - clicked, stage: (stage ?? Number.NaN) - clicked };
}

async function theirs(browser: Browser, rival: Rival): Promise<Sample> {
  const room = newRoom(true);
  const doctor = await firstPerson(browser, rival, room.doctor);
  const patient = await arrive(browser, rival);
  await patient.page.goto(room.patient);
  await devicesOpen(patient.page);
  await pause(SETTLE_MS);
  const clicked = await patient.page.evaluate(() => {
    const at = performance.timeOrigin + performance.now();
    window.join();
    return at;
  });
  const [byDoctor, byPatient] = await Promise.all([firstPicture(doctor.page), firstPicture(patient.page)]);
  await leave(patient.page);
  await Promise.all([doctor.context.close(), patient.context.close()]);
  return { doctor: byDoctor - clicked, patient: byPatient - clicked };
}

test("admission", async ({ browser }) => {
  const doctor = await Doctor.arrive(browser);
  const samples = await takeTurns<Sample>([
    ["ours", () => ours(browser, doctor)],
    ...RIVALS.map((rival) => [rival, () => theirs(browser, rival)] as const),
  ]);
  await doctor.context.close();
  save("admission", { samples });
});
