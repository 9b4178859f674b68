/** P12: a camera that offers 1280x720 is asked for it, and one call has the machine for itself. */

import { setTimeout as pause } from "node:timers/promises";
import { test } from "@playwright/test";
import { save } from "./support/bench.ts";
import { largePictureOptions } from "./support/browser.ts";
import { Doctor, meet } from "./support/clinic.ts";
import { marksOf } from "./support/probe.ts";

const MOST_MS = 20_000;
const LOOK_MS = 500;
const WIDTH = 1280;

test.use({ launchOptions: largePictureOptions() });

test("picture", async ({ browser }) => {
  const doctor = await Doctor.arrive(browser);
  const patient = await meet(browser, doctor);
  const began = performance.now();
  let width = 0;
  // Only the doctor's page has to decode: one picture of that size in each direction is more than two cores do.
  await doctor.page.keyboard.press("v");
  while (width < WIDTH && performance.now() - began < MOST_MS) {
    await pause(LOOK_MS);
    width = (await marksOf(doctor.page)).width;
  }
  const reachedAfter = performance.now() - began;
  await pause(3_000);
  const { frames } = await marksOf(doctor.page);
  const last = frames.at(-1) ?? 0;
  const fps = frames.filter((at) => at > last - 2_000).length / 2;
  await doctor.end();
  await Promise.all([doctor.context.close(), patient.context.close()]);
  save("picture", { width, fps, reached_after_ms: width < WIDTH ? null : reachedAfter });
});
