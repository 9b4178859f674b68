import { setTimeout as pause } from "node:timers/promises";
import { endConsultation, farewell, line, meet, patientEnters, say, status } from "./support/steps.ts";
import { expect, test, words } from "./support/test.ts";

const ASLEEP_MS = 10_000;

test("a database that sleeps for ten seconds: the call goes on, and who comes is told to wait", async ({
  doctor,
  patient,
  arrive,
  server,
  clinic,
}) => {
  const { room } = await meet(doctor, patient, server, clinic);
  const other = await clinic.consultation();
  const late = await arrive();
  await late.page.goto(other.link);
  await expect(late.page.getByRole("button", { name: "Continuar" })).toBeVisible();
  const start = await patient.media.figures();

  await server.withFrozenDatabase(async () => {
    const asleep = pause(ASLEEP_MS); // the length of the outage is what this test is about
    await late.page.getByRole("button", { name: "Continuar" }).click();
    await say(patient.page, "o banco dorme");
    await expect(await line(doctor.page, "o banco dorme")).toHaveCount(1, { timeout: 2000 });
    await expect(late.page.getByText(words["code.unavailable"])).toBeVisible({ timeout: 7000 });
    await asleep;
    await expect(status(patient.page)).toContainText(words["call.state.talking"]);
  });

  await expect(late.page.getByRole("button", { name: "Entrar na consulta" })).toBeVisible();
  const now = await patient.media.framesAfter(start, 50);
  expect(now.freezes - start.freezes, "no picture froze").toBe(0);
  await endConsultation(doctor);
  await expect(farewell(patient.page)).toBeVisible();
  const call = await clinic.callOf(room, "ended");
  expect(call.messages.map(({ text }) => text)).toEqual(["o banco dorme"]);
});

test("a link opened and a waiting room entered while the database sleeps go through by themselves", async ({
  doctor,
  patient,
  server,
  clinic,
}) => {
  const { link } = await clinic.consultation();
  await server.withFrozenDatabase(async () => {
    await patient.page.goto(link);
    await expect(patient.page.getByText(words["code.unavailable"])).toBeVisible({ timeout: 8000 });
  });
  await patientEnters(patient.page, link);
  expect(doctor.crashes).toEqual([]);
});
