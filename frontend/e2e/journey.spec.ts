import { readFile } from "node:fs/promises";
import { someone } from "./support/clinic.ts";
import { admit, endConsultation, farewell, line, say, signIn } from "./support/steps.ts";
import { expect, test, words } from "./support/test.ts";

test("a consultation goes from the sign-in to its record", async ({ doctor, patient, server, clinic }) => {
  const person = someone("Bruna Canário");
  const room = await test.step("the doctor signs in and creates a consultation", async () => {
    await signIn(doctor.page, server);
    await doctor.page.getByRole("button", { name: "Nova consulta" }).click();
    await doctor.page.getByLabel("Nome do paciente").fill(person.name);
    await doctor.page.getByLabel("E-mail do paciente").fill(person.email);
    await doctor.page.getByRole("button", { name: "Criar consulta" }).click();
    await expect(doctor.page.getByRole("button", { name: "Copiar link" }).first()).toBeVisible();
    await doctor.page.getByRole("button", { name: words["room.later"] }).click();
    const { items } = await clinic.doctor<{ items: { id: string; patient: { name: string } }[] }>(
      "GET",
      "/rooms",
    );
    return items.find((one) => one.patient.name === person.name) ?? { id: "" };
  });

  const link = await clinic.mailedLink(person.email);
  const token = new URL(link).hash.slice(1);

  await test.step("the patient opens the link and its token leaves the address at once", async () => {
    expect(token.length).toBeGreaterThan(20);
    await patient.page.goto(link);
    await expect(patient.page.getByRole("button", { name: "Continuar" })).toBeVisible();
    expect(patient.page.url()).not.toContain(token);
    expect(await patient.page.evaluate(() => history.state)).toBeNull();
    expect(await patient.media.asked(), "no device is touched before the person is").toBe(0);
  });

  await test.step("the patient agrees and waits, and the doctor sees it within a second", async () => {
    await patient.page.getByRole("button", { name: "Continuar" }).click();
    await patient.page.getByRole("checkbox", { name: /^Autorizo (?!em nome)/ }).check();
    await patient.page.getByRole("button", { name: "Entrar na consulta" }).click();
    await expect(patient.page.getByRole("heading", { name: words["waiting.title"] })).toBeVisible();
    await expect(doctor.page.getByRole("main").getByText(person.name).first()).toBeVisible({ timeout: 1000 });
    await expect(doctor.page).toHaveTitle(/^\(\d+\)/);
  });

  const started = await test.step("admitted, both see and hear each other", async () => {
    const card = doctor.page.getByRole("article").filter({ hasText: person.name });
    await card.getByRole("button", { name: "Entrar na sala" }).click();
    await admit(doctor);
    const pressed = Date.now();
    await Promise.all([doctor.media.receives(), patient.media.receives()]);
    await expect(doctor.page.locator('video[data-participant="local"]')).toBeVisible();
    await expect(doctor.page.locator("video[data-participant]")).toHaveCount(2);
    await expect(patient.page.locator("video[data-participant]")).toHaveCount(2);
    return pressed;
  });

  await test.step("what is written stands once on each side, with the writer's role", async () => {
    await say(doctor.page, "Bom dia, canário-um");
    await expect(await line(patient.page, "Bom dia, canário-um")).toHaveCount(1);
    await expect(await line(patient.page, "Bom dia, canário-um")).toContainText(words["role.doctor"]);
    await say(patient.page, "Bom dia, canário-dois");
    await expect(await line(doctor.page, "Bom dia, canário-dois")).toHaveCount(1);
    await expect(await line(doctor.page, "Bom dia, canário-dois")).toContainText(words["role.patient"]);
    await expect(await line(doctor.page, "Bom dia, canário-um")).toHaveCount(1);
  });

  await test.step("a microphone and a camera that are switched off show on the other side", async () => {
    const tile = doctor.page.getByRole("region", { name: new RegExp(person.name) });
    await patient.page.getByRole("button", { name: "Desligar microfone" }).click();
    await expect(tile.getByText(words["call.mark.mic_off"])).toBeAttached();
    await patient.page.getByRole("button", { name: "Ligar microfone" }).click();
    await expect(tile.getByText(words["call.mark.mic_off"])).toHaveCount(0);
    await patient.page.getByRole("button", { name: "Desligar câmera" }).click();
    await expect(tile.getByText(words["call.mark.camera_off"]).first()).toBeAttached();
    await expect.poll(() => patient.media.liveCameras(), { message: "the camera's light is out" }).toBe(0);
    await patient.page.getByRole("button", { name: "Ligar câmera" }).click();
    await expect(tile.getByText(words["call.mark.camera_off"])).toHaveCount(0);
    await doctor.media.receives();
  });

  const secrets = [...(await doctor.media.sdpSecrets()), ...(await patient.media.sdpSecrets())];
  expect(secrets.length).toBeGreaterThan(2);

  const seconds = await test.step("the doctor ends it and nothing stays open on either side", async () => {
    await endConsultation(doctor);
    await Promise.all([
      expect(farewell(doctor.page)).toBeVisible(),
      expect(farewell(patient.page)).toBeVisible(),
    ]);
    const lasted = (Date.now() - started) / 1000;
    await Promise.all([doctor.media.isReleased(), patient.media.isReleased()]);
    return lasted;
  });

  await test.step("the record tells what happened", async () => {
    const call = await clinic.callOf(room, "ended");
    expect(call).toMatchObject({ outcome: "completed", end_reason: "ended_by_doctor", path: "direct" });
    expect(Math.abs((call.duration_seconds ?? 0) - seconds)).toBeLessThanOrEqual(2);
    expect(call.consents).toMatchObject([{ name: person.name, given_by: "self", language: "pt-BR" }]);
    expect(call.messages.map(({ text, role }) => [role, text])).toEqual([
      ["doctor", "Bom dia, canário-um"],
      ["patient", "Bom dia, canário-dois"],
    ]);
    await doctor.page.getByRole("link", { name: words["farewell.record"] }).click();
    await doctor.page
      .getByRole("link", { name: new RegExp(person.name) })
      .first()
      .click();
    await expect(doctor.page.getByRole("heading", { name: new RegExp(person.name), level: 1 })).toBeVisible();
    await expect(doctor.page.getByText("Bom dia, canário-dois")).toBeVisible();
  });

  await test.step("the record leaves as a signed dossier", async () => {
    await doctor.page.getByRole("button", { name: words["record.export"] }).click();
    const [file] = await Promise.all([
      doctor.page.waitForEvent("download"),
      doctor.page.getByRole("button", { name: new RegExp(`^${words["record.export.dossier"]}`) }).click(),
    ]);
    expect(file.suggestedFilename()).toMatch(/^\d{4}-\d\d-\d\d-[0-9a-f-]{36}\.jsonl$/);
    const lines = (await readFile(await file.path(), "utf8")).trimEnd().split("\n");
    const rows = lines.map((line): { kind: string; data: { text?: string } } => JSON.parse(line));
    expect([rows[0]?.kind, rows.at(-1)?.kind]).toEqual(["header", "signature"]);
    expect(rows.filter(({ kind }) => kind === "message").map(({ data }) => data.text)).toEqual([
      "Bom dia, canário-um",
      "Bom dia, canário-dois",
    ]);
    await expect(doctor.page.getByRole("button", { name: words["record.export"] })).toBeFocused();
  });

  await test.step("no address, no header and no log line holds anything personal or secret", async () => {
    const staff = await doctor.page.evaluate(() => ({ ...localStorage, ...sessionStorage }));
    const invitee = await patient.page.evaluate(() => ({ ...localStorage, ...sessionStorage }));
    expect(JSON.stringify({ staff, invitee })).not.toMatch(/eyJ|token/i);
    for (const address of [...doctor.addresses, ...patient.addresses]) {
      expect(address).not.toContain(token);
      expect(address).not.toContain("eyJ");
    }
    for (const request of [...doctor.requests, ...patient.requests])
      expect(request.headers().referer ?? "", "no page tells where it came from").toBe("");
    const canaries = [token, "eyJ", "Bruna", person.email, "canário", "a=candidate", ...secrets];
    const { log } = server;
    expect(canaries.filter((canary) => log.includes(canary))).toEqual([]);
    expect([...doctor.complaints, ...patient.complaints], "nothing complains in the console").toEqual([]);
  });
});
