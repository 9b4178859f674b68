/** Devices whose clock is wrong: nothing that people see or wait for depends on it. */
import type { Person } from "./support/person.ts";
import { admit, doctorEnters, endConsultation, farewell, line, patientEnters, say } from "./support/steps.ts";
import { expect, test, words } from "./support/test.ts";

const WRONG_MS = 10 * 60_000;
/** Longest wait that anybody has in these tests. */
const SHORT = /há 0:[0-5]\d/;

/** From the next page on, this person's device is `ms` ahead, or behind when that is negative. */
async function setClock({ context }: Person, ms: number): Promise<void> {
  await context.addInitScript((ahead) => {
    const Real = Date;
    window.Date = new Proxy(Real, {
      construct: (target, given, self) =>
        Reflect.construct(target, given.length === 0 ? [Real.now() + ahead] : given, self) as Date,
      apply: () => new Real(Real.now() + ahead).toString(),
      get: (target, name, self) =>
        name === "now" ? () => Real.now() + ahead : (Reflect.get(target, name, self) as unknown),
    });
  }, ms);
}

for (const [says, doctorMs, patientMs] of [
  ["the doctor's ahead, the patient's behind", WRONG_MS, -WRONG_MS],
  ["the doctor's behind, the patient's ahead", -WRONG_MS, WRONG_MS],
] as const)
  test(`clocks ten minutes wrong, ${says}`, async ({ doctor, patient, server, clinic }) => {
    await Promise.all([setClock(doctor, doctorMs), setClock(patient, patientMs)]);
    const consultation = await clinic.consultation();
    await patient.page.goto(consultation.link);
    await expect(patient.page.getByText(words["caller.when.now"])).toBeVisible();
    await patientEnters(patient.page, consultation.link);
    await expect(patient.page.getByText(SHORT)).toBeVisible();
    await doctorEnters(doctor, server, consultation);
    await expect(doctor.page.getByText(SHORT)).toBeVisible();
    await doctor.page.goto("/painel");
    await expect(
      doctor.page.getByRole("listitem").filter({ hasText: consultation.patient.name }).getByText(SHORT),
    ).toBeVisible();
    await doctorEnters(doctor, server, consultation);
    await admit(doctor);
    await Promise.all([doctor.media.receives(), patient.media.receives()]);
    for (const { page } of [doctor, patient]) await expect(page.getByText(/^0:[0-5]\d$/)).toBeVisible();

    const texts = ["um", "dois", "três"];
    for (const [at, text] of texts.entries()) {
      const [from, to] = at % 2 === 0 ? [doctor, patient] : [patient, doctor];
      await say(from.page, text);
      await expect(await line(to.page, text)).toHaveCount(1);
    }
    await patient.page.reload();
    await Promise.all([doctor.media.receives(), patient.media.receives()]);
    for (const { page } of [doctor, patient]) {
      await expect(await line(page, "um")).toHaveCount(1);
      const shown = await page.getByRole("log", { name: "Chat" }).getByRole("listitem").allInnerTexts();
      expect(shown.map((text) => texts.find((one) => text.includes(one)))).toEqual(texts);
    }
    await endConsultation(doctor);
    await expect(farewell(patient.page)).toBeVisible();
    const call = await clinic.callOf(consultation.room, "ended");
    expect(call.messages.map(({ text }) => text)).toEqual(texts);
  });

for (const [says, ms] of [
  ["ahead", WRONG_MS],
  ["behind", -WRONG_MS],
] as const)
  test(`with a clock ten minutes ${says} the door opens in time`, async ({ patient, clinic }) => {
    await setClock(patient, ms);
    // A room opens half an hour before its consultation.
    const opensAt = Date.now() + 12_000;
    const { link, room } = await clinic.consultation({
      starts_at: new Date(opensAt + 30 * 60_000).toISOString(),
    });
    await patient.page.goto(link);
    await patient.page.getByRole("button", { name: "Continuar" }).click();
    await expect(patient.page.getByRole("heading", { name: words["code.too_early"] })).toBeVisible();
    await expect(patient.page.getByRole("button", { name: "Continuar" })).toBeVisible({ timeout: 20_000 });
    expect(Date.now()).toBeGreaterThanOrEqual(opensAt);
    await patientEnters(patient.page, link);
    // The hour is free again for whoever tests next.
    await clinic.doctor("POST", `/rooms/${room.id}/close`, { outcome: "no_show" });
  });
