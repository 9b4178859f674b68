/** P3: one side reloads its page in the middle of a call; both see each other again. */

import { setTimeout as pause } from "node:timers/promises";
import { type Page, test } from "@playwright/test";
import { brief, save } from "./support/bench.ts";
import { Doctor, meet } from "./support/clinic.ts";
import { firstPicture, picturesAgain } from "./support/probe.ts";

const SETTLE_MS = 1_500;

/** Milliseconds from the reload to pictures of the other: in the reloaded page, and in the one that stayed. */
interface Sample {
  reloaded: number;
  stayed: number;
}

async function reload(page: Page, other: Page): Promise<Sample> {
  const since = await page.evaluate(() => performance.timeOrigin + performance.now());
  await page.reload({ waitUntil: "commit" });
  const again = await firstPicture(page);
  return { reloaded: again - since, stayed: (await picturesAgain(other, since)) - since };
}

test("reload", async ({ browser }) => {
  const doctor = await Doctor.arrive(browser);
  const patient = await meet(browser, doctor);
  const samples: { doctor: Sample[]; patient: Sample[] } = { doctor: [], patient: [] };
  const turns = Math.max(2, Math.ceil(brief.runs / 2));
  for (let turn = 0; turn < turns; turn++) {
    await pause(SETTLE_MS);
    samples.patient.push(await reload(patient.page, doctor.page));
    await pause(SETTLE_MS);
    samples.doctor.push(await reload(doctor.page, patient.page));
  }
  await doctor.end();
  await patient.context.close();
  await doctor.context.close();
  save("reload", { samples });
});
