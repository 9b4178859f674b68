import { readFile } from "node:fs/promises";
import { endConsultation, farewell, meet } from "./support/steps.ts";
import { expect, test, words } from "./support/test.ts";

const ADDRESS = { address: "Avenida Paulista, 1000", city: "São Paulo", uf: "SP", postal_code: "01310-100" };

test("notes stay with the record, and its certificate can be verified by anybody", async ({
  doctor,
  patient,
  arrive,
  server,
  clinic,
}) => {
  await clinic.admin("PUT", "/clinic", { legal_name: "Horizonte Consultório", ...ADDRESS });
  const profile = {
    display_name: "Dra. Íris Valadão",
    crm_number: "123456",
    crm_uf: "SP",
    rqe: [],
    ...ADDRESS,
  };
  await clinic.doctor("PUT", "/users/me/profile", profile);
  const { room } = await meet(doctor, patient, server, clinic);

  await test.step("what the doctor writes in the call saves itself, beside the picture", async () => {
    await doctor.page.getByRole("button", { name: words["notes.short"] }).click();
    const pad = doctor.page.getByRole("textbox", { name: words["notes.label"] });
    await pad.fill("Refere melhora.");
    await expect(doctor.page.getByText(/^Salvo às/)).toBeVisible();
    await pad.fill("Refere melhora. Retorno em 30 dias.");
    await expect(patient.page.getByRole("button", { name: words["notes.short"] })).toHaveCount(0);
    await endConsultation(doctor);
    await expect(farewell(doctor.page)).toBeVisible();
  });

  const call = await clinic.callOf(room, "ended");
  const page = doctor.page;
  const file = await test.step("the record has the note, and gives the certificate", async () => {
    await page.goto(`/painel/historico/${call.id}`);
    await expect(page.getByRole("textbox", { name: words["notes.label"] })).toHaveValue(
      "Refere melhora. Retorno em 30 dias.",
    );
    await page.getByRole("button", { name: words["documents.issue"] }).click();
    await page.getByLabel(words["documents.kind"]).selectOption("cpf");
    await page.getByLabel(words["documents.number"]).fill("529.982.247-25");
    await page.getByRole("button", { name: words["documents.issue.short"], exact: true }).click();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: words["documents.download"] }).click(),
    ]);
    return readFile(await download.path());
  });
  expect(file.subarray(0, 5).toString()).toBe("%PDF-");

  await test.step("a stranger learns that code and file are genuine, and nothing about the patient", async () => {
    const shown = (await page.getByText(/^Código [0-9A-Z-]{19}$/).textContent()) ?? "";
    const stranger = await arrive();
    await stranger.page.goto(`/verificar#${shown.replace("Código ", "")}`);
    await expect(stranger.page.getByText(words["verify.genuine"])).toBeVisible();
    await expect(stranger.page.getByText("Dra. Íris Valadão, CRM/SP 123456")).toBeVisible();
    await expect(stranger.page.getByText(call.patient.name)).toHaveCount(0);
    const chosen = stranger.page.getByLabel(words["verify.file"]);
    const pdf = { name: "d.pdf", mimeType: "application/pdf" };
    await chosen.setInputFiles({ ...pdf, buffer: file });
    await expect(stranger.page.getByText(words["verify.file.same"])).toBeVisible();
    await chosen.setInputFiles({
      ...pdf,
      buffer: Buffer.concat([file.subarray(0, -9), Buffer.from("forjado!!")]),
    });
    await expect(stranger.page.getByText(words["verify.file.other"])).toBeVisible();
  });
});
