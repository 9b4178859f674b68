/** One side's line to the server is cut while the two talk on. */
import type { Person } from "./support/person.ts";
import { endConsultation, farewell, line, meet, say, status } from "./support/steps.ts";
import { expect, test, words } from "./support/test.ts";

/** The socket breaks, and no new one gets through until the line is mended. */
async function cut(person: Person): Promise<void> {
  await person.context.setOffline(true);
  await person.page.evaluate(() => {
    for (const socket of window.seen.sockets) socket.close();
  });
}

test("what is written while one side's socket is away arrives at once, and is on record once", async ({
  doctor,
  patient,
  server,
  clinic,
}) => {
  const { room } = await meet(doctor, patient, server, clinic);
  await cut(patient);
  await expect(status(patient.page)).toContainText(words["call.state.socket"]);
  await say(doctor.page, "para quem está sem servidor");
  await expect(await line(patient.page, "para quem está sem servidor")).toHaveCount(1);
  await say(patient.page, "de quem está sem servidor");
  await expect(await line(doctor.page, "de quem está sem servidor")).toHaveCount(1);
  await expect(status(patient.page), "it went between the browsers").toContainText(
    words["call.state.socket"],
  );

  await patient.context.setOffline(false);
  await expect(status(patient.page)).toContainText(words["call.state.talking"]);
  await say(patient.page, "de volta");
  for (const { page } of [doctor, patient])
    for (const text of ["para quem está sem servidor", "de quem está sem servidor", "de volta"])
      await expect(await line(page, text)).toHaveCount(1);
  await Promise.all([doctor.media.receives(), patient.media.receives()]);
  await endConsultation(doctor);
  await expect(farewell(patient.page)).toBeVisible();
  const { messages } = await clinic.callOf(room, "ended");
  expect(messages.map(({ text }) => text).sort()).toEqual(
    ["de quem está sem servidor", "de volta", "para quem está sem servidor"].sort(),
  );
});
