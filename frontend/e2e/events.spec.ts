import type { Server } from "./support/server.ts";
import { endConsultation, farewell, meet } from "./support/steps.ts";
import { expect, test } from "./support/test.ts";

/** The sum of a metric's lines that begin so. */
async function count(server: Server, beginning: string): Promise<number> {
  const text = await (await fetch(`${server.origin}/metrics`)).text();
  const lines = text.split("\n").filter((line) => line.startsWith(beginning));
  return lines.reduce((sum, line) => sum + Number(line.split(" ").at(-1)), 0);
}

const STARTED = ["doctor", "patient"].map((role) => `teleconsulta_video_calls_started_total{role="${role}"}`);
const FRAMES = "teleconsulta_first_frame_seconds_count";
const ENDED = "teleconsulta_video_calls_ended_total{";

test("a call begins and ends once for each of two people, over a reload", async ({
  doctor,
  patient,
  server,
  clinic,
}) => {
  const started = () => Promise.all(STARTED.map((one) => count(server, one)));
  const [before, frames, ended] = await Promise.all([started(), count(server, FRAMES), count(server, ENDED)]);
  const once = before.map((one) => one + 1);
  await meet(doctor, patient, server, clinic);
  await expect.poll(started).toEqual(once);
  expect(await count(server, FRAMES)).toBe(frames + 2);

  await patient.page.reload();
  await Promise.all([patient.media.receives(), doctor.media.receives()]);
  await endConsultation(doctor);
  await expect(farewell(patient.page)).toBeVisible();
  // Those of earlier tests may still end.
  await expect.poll(() => count(server, ENDED)).toBeGreaterThanOrEqual(ended + 2);
  expect(await started()).toEqual(once);
});
