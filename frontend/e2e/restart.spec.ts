import { endButton, endConsultation, farewell, line, meet, say, status } from "./support/steps.ts";
import { expect, test, words } from "./support/test.ts";

const SOME_FRAMES = 20;

test.describe("a server that goes away", () => {
  test("killed in a call, nobody's picture stops, and what was written meanwhile arrives once", async ({
    doctor,
    patient,
    server,
    clinic,
  }) => {
    const { room } = await meet(doctor, patient, server, clinic);
    const before = await clinic.callOf(room, "open");
    const [doctorAt, patientAt] = await Promise.all([doctor.media.figures(), patient.media.figures()]);

    await server.kill();
    await expect(status(doctor.page)).toContainText(words["call.state.socket"]);
    await say(doctor.page, "escrito sem servidor");
    await expect(await line(patient.page, "escrito sem servidor")).toHaveCount(1);
    await Promise.all([
      doctor.media.framesAfter(doctorAt, SOME_FRAMES),
      patient.media.framesAfter(patientAt, SOME_FRAMES),
    ]);

    await server.start();
    await expect(status(doctor.page)).toContainText(words["call.state.talking"]);
    await expect(status(patient.page)).toContainText(words["call.state.talking"]);
    await say(patient.page, "o servidor voltou");
    await expect(await line(doctor.page, "o servidor voltou")).toHaveCount(1);
    await expect(await line(doctor.page, "escrito sem servidor")).toHaveCount(1);
    await expect(await line(patient.page, "escrito sem servidor")).toHaveCount(1);

    for (const [person, start] of [
      [doctor, doctorAt],
      [patient, patientAt],
    ] as const) {
      const now = await person.media.figures();
      expect(now.frames, "the same connection goes on").toBeGreaterThan(start.frames);
      expect(now.freezes - start.freezes, "no picture froze").toBe(0);
    }
    await endConsultation(doctor);
    await expect(farewell(patient.page)).toBeVisible();
    const call = await clinic.callOf(room, "ended");
    expect(call.id).toBe(before.id);
    const texts = call.messages.map(({ text }) => text);
    expect(texts.filter((text) => text === "escrito sem servidor")).toHaveLength(1);
    expect(texts).toContain("o servidor voltou");
  });

  test("gone for good, the doctor can still end the consultation for both", async ({
    doctor,
    patient,
    server,
    clinic,
  }) => {
    const { room } = await meet(doctor, patient, server, clinic);
    await server.kill();
    await expect(status(doctor.page)).toContainText(words["call.state.socket"]);
    await expect(endButton(doctor.page)).toBeEnabled();
    await endConsultation(doctor);
    await Promise.all([
      expect(farewell(doctor.page)).toBeVisible({ timeout: 3000 }),
      expect(farewell(patient.page)).toBeVisible({ timeout: 3000 }),
    ]);
    // The doctor's page still keeps the outcome for the server, so only devices and media must be gone there.
    await expect
      .poll(async () => (await doctor.media.alive()).tracks + (await doctor.media.alive()).peers)
      .toBe(0);
    await expect
      .poll(async () => (await patient.media.alive()).tracks + (await patient.media.alive()).peers)
      .toBe(0);

    await server.start();
    await expect
      .poll(async () => (await clinic.room(room.id)).state, {
        message: "the outcome reached the record",
        timeout: 45_000,
      })
      .toBe("closed");
    const call = await clinic.callOf(room, "ended");
    expect(call.outcome).toBe("completed");
  });

  test("an orderly restart goes unnoticed by the pictures", async ({ doctor, patient, server, clinic }) => {
    const { room } = await meet(doctor, patient, server, clinic);
    const start = await patient.media.figures();
    await server.stop();
    await server.start();
    await expect(status(patient.page)).toContainText(words["call.state.talking"]);
    const now = await patient.media.framesAfter(start, SOME_FRAMES);
    expect(now.freezes - start.freezes).toBe(0);
    await endConsultation(doctor);
    await expect(farewell(patient.page)).toBeVisible();
    await clinic.callOf(room, "ended");
  });
});
