import { line, meet, patientEnters, say } from "./support/steps.ts";
import { expect, test, words } from "./support/test.ts";

test.describe("coming back", () => {
  test("a patient who reloads is in the same call again, and so is a doctor", async ({
    doctor,
    patient,
    server,
    clinic,
  }) => {
    const { room } = await meet(doctor, patient, server, clinic);
    const before = await clinic.callOf(room, "open");
    await say(doctor.page, "antes da volta");
    await expect(await line(patient.page, "antes da volta")).toHaveCount(1);

    await patient.page.reload();
    await Promise.all([patient.media.receives(), doctor.media.receives()]);
    await expect(await line(patient.page, "antes da volta")).toHaveCount(1);

    await doctor.page.reload();
    await Promise.all([patient.media.receives(), doctor.media.receives()]);
    await expect(await line(doctor.page, "antes da volta")).toHaveCount(1);

    const after = await clinic.callOf(room, "open");
    expect(after.id).toBe(before.id);
    expect(after.participants.map(({ role }) => role).sort()).toEqual(["doctor", "patient"]);
  });

  test("a second tab asks, takes over, and the first one says so and lets its devices go", async ({
    doctor,
    patient,
    server,
    clinic,
  }) => {
    const { link, room } = await meet(doctor, patient, server, clinic);
    const second = await patient.openTab();
    await second.page.goto(link);
    await second.page.getByRole("button", { name: "Continuar" }).click();
    await second.page.getByRole("button", { name: "Entrar na consulta" }).click();
    await expect(second.page.getByRole("heading", { name: words["code.seat_taken"] })).toBeVisible();
    await patient.media.receives();

    await second.page.getByRole("button", { name: words["again.here"] }).click();
    await expect(patient.page.getByRole("heading", { name: words["code.replaced"] })).toBeVisible();
    await patient.media.isReleased();
    await Promise.all([second.media.receives(), doctor.media.receives()]);

    const call = await clinic.callOf(room, "open");
    expect(call.participants.filter(({ role }) => role === "patient")).toHaveLength(1);
  });

  test("a patient who left by mistake comes back by one button", async ({
    doctor,
    patient,
    server,
    clinic,
  }) => {
    await meet(doctor, patient, server, clinic);
    await patient.page.getByRole("button", { name: "Sair" }).click();
    await expect(patient.page.getByRole("heading", { name: words["farewell.left"] })).toBeVisible();
    await patient.media.isReleased();
    await patient.page.getByRole("button", { name: words["farewell.return"] }).click();
    await Promise.all([patient.media.receives(), doctor.media.receives()]);
  });

  test("a reload in the waiting room keeps the place", async ({ patient, clinic }) => {
    const { link } = await clinic.consultation();
    await patientEnters(patient.page, link);
    await patient.page.reload();
    await expect(patient.page.getByRole("heading", { name: words["waiting.title"] })).toBeVisible();
  });
});
