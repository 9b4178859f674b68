import type { InvitationOut } from "../src/api/types";
import {
  admit,
  doctorEnters,
  endConsultation,
  farewell,
  haveSession,
  meet,
  patientEnters,
  prepare,
} from "./support/steps.ts";
import { expect, test, words } from "./support/test.ts";

test.describe("who comes in is the doctor's to say", () => {
  test("a companion joins, and three people see each other", async ({
    doctor,
    patient,
    arrive,
    server,
    clinic,
  }) => {
    const { room } = await meet(doctor, patient, server, clinic);
    const wish = { name: "Clara Companhia", email: null, role: "companion" };
    const { link } = await clinic.doctor<InvitationOut>("POST", `/rooms/${room.id}/invitations`, wish);
    const companion = await arrive();
    await patientEnters(companion.page, link ?? "");
    await admit(doctor);
    for (const person of [doctor, patient, companion]) {
      await expect.poll(async () => (await person.media.figures()).connected).toBe(2);
      await person.media.receives();
      await expect(person.page.locator("video[data-participant]")).toHaveCount(3);
    }
    await expect(
      patient.page.getByRole("region", { name: new RegExp(words["role.companion"]) }),
    ).toBeVisible();
    await endConsultation(doctor);
    for (const person of [patient, companion]) {
      await expect(farewell(person.page)).toBeVisible();
      await person.media.isReleased();
    }
  });

  test("admitted from the dashboard, one click leads both into the call", async ({
    doctor,
    patient,
    server,
    clinic,
  }) => {
    const consultation = await clinic.consultation();
    await haveSession(doctor, server);
    await doctor.page.goto("/painel");
    await patientEnters(patient.page, consultation.link);
    const waiting = doctor.page.getByRole("listitem").filter({ hasText: consultation.patient.name });
    await waiting.getByRole("button", { name: "Admitir" }).click();
    await Promise.all([doctor.media.receives(), patient.media.receives()]);
  });

  test("refused, a patient is told kindly; and removed, another one is too", async ({
    doctor,
    patient,
    arrive,
    server,
    clinic,
  }) => {
    const consultation = await clinic.consultation();
    await doctorEnters(doctor, server, consultation);
    await patientEnters(patient.page, consultation.link);
    await doctor.page.getByRole("button", { name: "Recusar" }).click();
    await expect(patient.page.getByRole("heading", { name: words["code.refused"] })).toBeVisible();
    await patient.media.isReleased();

    const again = await arrive();
    await prepare(again.page, consultation.link);
    await expect(again.page.getByText(words["consent.given"])).toBeVisible();
    await again.page.getByRole("button", { name: "Entrar na consulta" }).click();
    await admit(doctor);
    await again.media.receives();
    await doctor.page.getByRole("button", { name: words["call.more"] }).click();
    await doctor.page.getByRole("button", { name: words["call.remove"] }).click();
    await expect(again.page.getByRole("heading", { name: words["code.removed"] })).toBeVisible();
    await again.media.isReleased();
  });

  test("a shared screen is named on the other side, and gone when it stops", async ({
    doctor,
    patient,
    server,
    clinic,
  }) => {
    await meet(doctor, patient, server, clinic);
    await doctor.page.getByRole("button", { name: "Compartilhar tela" }).click();
    const caption = patient.page.getByText(words["call.mark.screen_of"].split(" {")[0] ?? "");
    await expect(caption).toBeVisible();
    await patient.media.receives();
    await doctor.page.getByRole("button", { name: words["call.share.stop"] }).click();
    await expect(caption).toHaveCount(0);
    await patient.media.receives();
  });
});
