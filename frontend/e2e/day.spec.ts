/** The whole journey of one consultation, from the agenda to the record, over the three days that it takes. */
import { readFile } from "node:fs/promises";
import { addDays, instantsAt, wallClock } from "../src/pages/doctor/zoned.ts";
import { Clinic } from "./support/clinic.ts";
import { Day, linkIn } from "./support/day.ts";
import type { Server } from "./support/server.ts";
import { endConsultation, farewell, line, prepare, say, signIn } from "./support/steps.ts";
import { expect, test as shared, words } from "./support/test.ts";

const ZONE = "America/Sao_Paulo";
const MINUTE = 60_000;
const PATIENT = { name: "Téo Quaresma", email: "familia.quaresma@exemplo.com.br" };
const MOTHER = { name: "Ana Quaresma", relationship: "mãe" };
const ADDRESS = { address: "Avenida Paulista, 1000", city: "São Paulo", uf: "SP", postal_code: "01310-100" };

/** What a signature added behind looks like to whoever does not check it. */
const SIGNATURE =
  "\n9 0 obj\n<< /Type /Sig /SubFilter /ETSI.CAdES.detached /ByteRange [ 0 840 960 240 ] >>\nendobj\n%%EOF\n";

const test = shared.extend<object, { day: Day; server: Server }>({
  day: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the needed fixtures from this pattern
    async ({}, use) => {
      const day = await Day.begin();
      await use(day);
      await day.end();
    },
    { scope: "worker", timeout: 60_000 },
  ],
  server: [async ({ day }, use) => use(day.server), { scope: "worker" }],
});

test("a consultation from the agenda to the record", async ({ day, doctor, arrive, server, clinic }) => {
  const date = addDays(wallClock(new Date(), ZONE).day, 2);
  const start = new Date(instantsAt(date, "15:00", ZONE)[0] ?? "");
  const before = (minutes: number) => new Date(start.getTime() - minutes * MINUTE);
  const { page } = doctor;

  await test.step("two days before, the doctor books", async () => {
    await clinic.admin("PUT", "/clinic", { legal_name: "Horizonte Consultório", ...ADDRESS });
    const council = { crm_number: "123456", crm_uf: "SP", rqe: [] };
    await clinic.doctor("PUT", "/users/me/profile", {
      display_name: "Dra. Helena Prado",
      ...council,
      ...ADDRESS,
    });
    await day.push.serve("doctor", doctor);
    await signIn(page, server);
    await page.getByRole("button", { name: words["push.turn_on"] }).click();
    await expect(page.getByRole("button", { name: words["push.turn_off"] })).toBeVisible();
    await page.goto(`/painel/agenda?dia=${date}&ver=dia`);
    await page.getByRole("button", { name: words["room.new"] }).click();
    await page.getByLabel("Nome do paciente").fill(PATIENT.name);
    await page.getByLabel("E-mail do paciente").fill(PATIENT.email);
    await page.getByText(words["room.when.later"]).click();
    await page.getByLabel(words["room.date"], { exact: true }).fill(date);
    await page.getByLabel(words["room.time"], { exact: true }).fill("15:00");
    await page.getByRole("button", { name: "Criar consulta" }).click();
    await page.getByRole("button", { name: words["room.later"] }).click();
    await expect(page.getByRole("button", { name: `15:00–15:30, ${PATIENT.name}` })).toBeVisible();
  });

  const patient = await arrive({ viewport: { width: 390, height: 844 } });
  const phone = patient.page;

  await test.step("the invitation comes by SMTP, with the hour for the calendar", async () => {
    const letter = await day.letter(1);
    expect(letter.to).toEqual([PATIENT.email]);
    expect(letter.text).toContain("15:00");
    const utc = start.toISOString().replace(/[-:]/g, "").replace(/\.\d+/, "");
    const event = letter.calendar?.replace(/\r?\n[ \t]/g, "") ?? "";
    expect(event).toContain("BEGIN:VEVENT");
    expect(event.match(/^DTSTART.*:(.*)$/m)?.[1]?.trim()).toMatch(new RegExp(`^(${utc}|.*T150000)$`));
    await day.push.serve("patient", patient);
    await phone.goto(linkIn(letter));
    await phone.getByRole("button", { name: "Continuar" }).click();
    await phone.getByRole("button", { name: words["push.remind"] }).click();
    await expect(phone.getByText(words["push.remind.on"])).toBeVisible();
  });

  const link =
    await test.step("reminders come a day and a quarter of an hour before, once each", async () => {
      day.moveTo(before(24 * 60));
      const tomorrow = await day.letter(2);
      expect(tomorrow.subject).toMatch(/^Lembrete/);
      expect(day.has(3), "nothing more is due yet").toBe(false);
      day.moveTo(before(15));
      const soon = await day.letter(3);
      expect(soon.subject).toContain("começa às 15:00");
      expect([tomorrow.calendar, soon.calendar]).toEqual([null, null]);
      const told = await Promise.all([1, 2].map((count) => day.push.message("patient", count)));
      expect(told).toEqual(["reminder_24h", "reminder_15m"].map((kind) => ({ kind, lang: "pt-BR" })));
      return linkIn(soon);
    });

  // Of two days ago nothing opens a door any more: everybody signs in anew.
  const today = new Clinic(server);
  const agree = async () => {
    await phone.getByRole("checkbox", { name: /^Autorizo (?!em nome)/ }).check();
    await phone.getByRole("checkbox", { name: words["consent.for_other"] }).check();
    await phone.getByLabel(words["consent.representative"]).fill(MOTHER.name);
    await phone.getByLabel(words["consent.relationship"]).fill(MOTHER.relationship);
    await phone.getByRole("button", { name: "Entrar na consulta" }).click();
    await expect(phone.getByRole("heading", { name: words["waiting.title"] })).toBeVisible();
  };

  await test.step("the mother agrees for the child, takes it back, and agrees again", async () => {
    await page.goto("/painel");
    await signIn(page, server);
    await prepare(phone, link);
    await phone.getByRole("button", { name: "Entrar na consulta" }).click();
    await expect(phone.getByText(words["consent.needed"])).toBeVisible();
    await agree();
    const queue = page.getByRole("region", { name: words["panel.waiting"] });
    const waiting = queue.getByRole("listitem").filter({ hasText: PATIENT.name });
    expect(await day.push.message("doctor", 1)).toEqual({ kind: "arrival", lang: "pt-BR" });
    await expect(waiting.getByText(`Autorizado por ${MOTHER.name} (${MOTHER.relationship})`)).toBeVisible();
    await phone.getByRole("button", { name: words["consent.withdraw"] }).click();
    await phone.getByRole("button", { name: words["withdraw.confirm"] }).click();
    await expect(phone.getByRole("heading", { name: words["code.consent_withdrawn"] })).toBeVisible();
    await expect(waiting).toHaveCount(0);
    await phone.getByRole("button", { name: words["farewell.consent"] }).click();
    await phone.getByRole("button", { name: "Continuar" }).click();
    await agree();
  });

  await test.step("admitted, they talk and write, and the doctor notes", async () => {
    await page.getByRole("button", { name: "Admitir" }).click();
    await Promise.all([doctor.media.receives(), patient.media.receives()]);
    await say(page, "Boa tarde!");
    await expect(await line(phone, "Boa tarde!")).toHaveCount(1);
    await say(phone, "Ele está melhor.");
    await expect(await line(page, "Ele está melhor.")).toHaveCount(1);
    await page.getByRole("button", { name: words["notes.short"] }).click();
    await page.getByRole("textbox", { name: words["notes.label"] }).fill("Retorno em 30 dias.");
    await expect(page.getByText(/^Salvo às/)).toBeVisible();
  });

  await test.step("the doctor ends it, and every device is let go", async () => {
    await endConsultation(doctor);
    await Promise.all([expect(farewell(page)).toBeVisible(), expect(farewell(phone)).toBeVisible()]);
    await Promise.all([doctor.media.isReleased(), patient.media.isReleased()]);
  });

  const { items } = await today.doctor<{ items: { room_id: string }[] }>("GET", "/calls");
  const call = await today.callOf({ id: items[0]?.room_id ?? "" }, "ended");

  await test.step("the record tells the day by the server's clock", async () => {
    expect(call).toMatchObject({ outcome: "completed", end_reason: "ended_by_doctor", state: "ended" });
    expect(new Date(call.room_starts_at)).toEqual(start);
    const began = new Date(call.started_at).getTime() - before(15).getTime();
    expect(began).toBeGreaterThan(0);
    expect(began).toBeLessThan(2 * MINUTE);
    expect(call.messages.map(({ text }) => text)).toEqual(["Boa tarde!", "Ele está melhor."]);
    expect(call.consents.map((one) => [one.representative_name, one.withdrawn_at !== null])).toEqual([
      [MOTHER.name, true],
      [MOTHER.name, false],
    ]);
    const told = call.timeline.map(({ event }) => event).filter((event) => event !== "path");
    expect(told.filter((event) => /^(consent|admitted|call_|room_)/.test(event))).toEqual([
      "consented",
      "consent_withdrawn",
      "consented",
      "admitted",
      "call_started",
      "call_ended",
      "room_closed",
    ]);
    await page.goto(`/painel/historico/${call.id}`);
    await expect(page.getByText(`${PATIENT.name} retirou a autorização`)).toBeVisible();
    await expect(page.getByRole("textbox", { name: words["notes.label"] })).toHaveValue(
      "Retorno em 30 dias.",
    );
  });

  const certificate = await test.step("the certificate is genuine to anybody who asks", async () => {
    await page.getByRole("button", { name: words["documents.issue"] }).click();
    await page.getByLabel(words["documents.kind"]).selectOption("cpf");
    await page.getByLabel(words["documents.number"]).fill("529.982.247-25");
    await page.getByRole("button", { name: words["documents.issue.short"], exact: true }).click();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: words["documents.download"] }).click(),
    ]);
    const buffer = await readFile(await download.path());
    const code = (await page.getByText(/^Código [0-9A-Z-]{19}$/).textContent()) ?? "";
    const stranger = await arrive();
    await stranger.page.goto(`/verificar#${code.replace("Código ", "")}`);
    await expect(stranger.page.getByText(words["verify.genuine"])).toBeVisible();
    const file = { name: "declaracao.pdf", mimeType: "application/pdf", buffer };
    await stranger.page.getByLabel(words["verify.file"]).setInputFiles(file);
    await expect(stranger.page.getByText(words["verify.file.same"])).toBeVisible();
    return { stranger, file, code: code.replace("Código ", "") };
  });

  await test.step("signed outside and given back, it is kept with the record", async () => {
    const { stranger, file, code } = certificate;
    const signed = { ...file, buffer: Buffer.concat([file.buffer, Buffer.from(SIGNATURE)]) };
    await page.getByText(words["documents.signed.add"]).click();
    await page.getByLabel(words["documents.signed.choose"]).setInputFiles(file);
    await expect(page.getByText(words["code.not_signed"])).toBeVisible();
    await page.getByLabel(words["documents.signed.choose"]).setInputFiles(signed);
    await expect(page.getByRole("button", { name: words["documents.signed.download"] })).toBeVisible();
    await stranger.page.goto("/verificar");
    await stranger.page.getByLabel(words["verify.code"]).fill(code);
    await stranger.page.getByRole("button", { name: words["verify.check"] }).click();
    await expect(stranger.page.getByText(words["verify.signed.note"])).toBeVisible();
    await stranger.page.getByLabel(words["verify.file"]).setInputFiles(signed);
    await expect(stranger.page.getByText(words["verify.file.signed"])).toBeVisible();
  });

  expect(day.has(4), "an invitation and two reminders were all").toBe(false);
});
