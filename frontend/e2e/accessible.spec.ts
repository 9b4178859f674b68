import AxeBuilder from "@axe-core/playwright";
import type { Locator, Page } from "@playwright/test";
import { ADMINS_PAGES } from "./support/pages.ts";
import type { Person } from "./support/person.ts";
import { ADMIN } from "./support/server.ts";
import {
  admit,
  doctorEnters,
  endButton,
  endConsultation,
  farewell,
  haveSession,
  meet,
  say,
} from "./support/steps.ts";
import { expect, test, words } from "./support/test.ts";

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
const NARROW = { width: 320, height: 640 };
const MANY_KEYS = 60;

/** Everybody can use this screen: in the light, in the dark, and 320 points wide without scrolling sideways. */
async function isForEverybody({ page }: Person, screen: string): Promise<void> {
  await test.step(screen, async () => {
    const size = page.viewportSize() ?? NARROW;
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      const { violations, passes } = await new AxeBuilder({ page }).withTags(RULES).setLegacyMode().analyze();
      expect(passes.length, "the rules were applied").toBeGreaterThan(5);
      const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" | ")}`);
      expect.soft(found, `${screen}, ${colorScheme}`).toEqual([]);
    }
    await page.setViewportSize(NARROW);
    const wide = await page.evaluate(() => {
      const sideways = document.documentElement.scrollWidth - innerWidth;
      if (sideways <= 0) return [];
      const beyond = [...document.querySelectorAll("body *")].filter(
        (one) => one.getBoundingClientRect().right > innerWidth + 1,
      );
      return beyond.slice(0, 3).map((one) => one.outerHTML.slice(0, 160));
    });
    expect.soft(wide, `${screen}, 320 points wide`).toEqual([]);
    await page.setViewportSize(size);
  });
}

test.describe("for everybody", () => {
  test("every screen on the patient's way", async ({ doctor, patient, server, clinic }) => {
    test.setTimeout(120_000);
    const consultation = await clinic.consultation();
    await patient.page.goto(`/paciente/${consultation.room.id}`);
    await expect(patient.page.getByRole("heading", { name: words["code.missing_link"] })).toBeVisible();
    await isForEverybody(patient, "a link that opens nothing");
    await patient.page.goto(consultation.link.replace("#", "/teste#"));
    await expect(patient.page.getByRole("heading", { level: 1 })).toBeVisible();
    await isForEverybody(patient, "the test beforehand");
    await patient.page.goto(consultation.link);
    await expect(patient.page.getByRole("button", { name: "Continuar" })).toBeVisible();
    await isForEverybody(patient, "who calls");
    await patient.page.getByRole("button", { name: "Continuar" }).click();
    await expect(patient.page.getByText(words["equipment.camera.ok"])).toBeVisible();
    await patient.page.getByRole("checkbox", { name: words["consent.for_other"] }).check();
    await patient.page.getByText(words["consent.full"]).click();
    await patient.page.getByRole("button", { name: "Entrar na consulta" }).click();
    await expect(patient.page.getByText(words["consent.needed"])).toBeVisible();
    await isForEverybody(patient, "the last step, with what is missing");
    await patient.page.getByRole("checkbox", { name: words["consent.for_other"] }).uncheck();
    await patient.page.getByRole("checkbox", { name: /^Autorizo (?!em nome)/ }).check();
    await patient.page.getByRole("button", { name: "Entrar na consulta" }).click();
    await expect(patient.page.getByRole("heading", { name: words["waiting.title"] })).toBeVisible();
    await isForEverybody(patient, "the waiting room");
    await doctorEnters(doctor, server, consultation);
    await isForEverybody(doctor, "somebody knocks");
    await admit(doctor);
    await Promise.all([doctor.media.receives(), patient.media.receives()]);
    await isForEverybody(patient, "the call, patient's side");
    await say(patient.page, "tudo legível");
    await isForEverybody(patient, "the chat");
    await patient.page.getByRole("button", { name: words["call.more"] }).click();
    await isForEverybody(patient, "more options");
    await patient.page.keyboard.press("Escape");
    await doctor.page.getByRole("button", { name: words["call.more"] }).click();
    await isForEverybody(doctor, "more options, doctor's side");
    await doctor.page.keyboard.press("Escape");
    await endButton(doctor.page).click();
    await isForEverybody(doctor, "the question before the end");
    await doctor.page.getByRole("button", { name: "Confirmar" }).click();
    await expect(farewell(patient.page)).toBeVisible();
    await isForEverybody(patient, "the farewell");
    await isForEverybody(doctor, "the farewell, doctor's side");
    const { id } = await clinic.callOf(consultation.room, "ended");
    await doctor.page.goto(`/painel/historico/${id}`);
    await expect(doctor.page.getByRole("img", { name: /^Gráfico da ligação/ })).toHaveCount(2);
    for (const table of await doctor.page.getByText(words["record.chart.table"]).all()) await table.click();
    await expect(doctor.page.getByRole("table")).toHaveCount(2);
    await isForEverybody(doctor, "a record with its measurements");
    await doctor.page.getByRole("button", { name: words["record.export"] }).click();
    await expect(doctor.page.getByText(words["record.export.noted"])).toBeVisible();
    await isForEverybody(doctor, "the ways a record leaves");
  });

  test("every screen of the clinic", async ({ doctor, patient, arrive, server, clinic }) => {
    test.setTimeout(180_000);
    const { page } = doctor;
    const over = await meet(doctor, patient, server, clinic);
    await endConsultation(doctor);
    await expect(farewell(patient.page)).toBeVisible();
    await doctor.context.clearCookies();
    await clinic.consultation();
    await page.goto("/");
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await isForEverybody(doctor, "the start");
    await page.goto("/teste-video");
    await expect(page.getByRole("button", { name: "Iniciar como Médico" })).toBeVisible();
    await isForEverybody(doctor, "the test page");
    await page.goto("/entrar");
    await page.getByLabel("E-mail").fill("medica@demo.local");
    await page.getByLabel("Senha").fill("errada-mesmo");
    await page.getByRole("button", { name: "Entrar", exact: true }).click();
    await expect(page.getByText(words["code.invalid_credentials"])).toBeVisible();
    await isForEverybody(doctor, "the sign-in, refused");
    await haveSession(doctor, server);
    await page.goto("/painel");
    await expect(page.getByRole("button", { name: "Entrar na sala" }).first()).toBeVisible();
    await isForEverybody(doctor, "the dashboard");
    await page.getByRole("button", { name: "Nova consulta" }).click();
    await expect(page.getByLabel("Nome do paciente")).toBeVisible();
    await isForEverybody(doctor, "a new consultation");
    await page.keyboard.press("Escape");
    for (const view of ["dia", "semana"]) {
      await page.goto(`/painel/agenda?ver=${view}`);
      await expect(page.getByText(words["app.loading"])).toHaveCount(0);
      await expect(page.getByRole("button", { name: /Ana Souza/ }).first()).toBeVisible();
      await isForEverybody(doctor, `the agenda, ${view}`);
    }
    await page
      .getByRole("button", { name: /Ana Souza/ })
      .first()
      .click();
    await expect(page.getByRole("button", { name: words["agenda.move"] })).toBeVisible();
    await isForEverybody(doctor, "one consultation of the agenda");
    await page.goto("/painel/historico");
    await page
      .getByRole("link", { name: new RegExp(over.patient.name) })
      .first()
      .waitFor();
    await isForEverybody(doctor, "the history");
    await page
      .getByRole("link", { name: new RegExp(over.patient.name) })
      .first()
      .click();
    await expect(page.getByRole("heading", { name: words["record.timeline"] })).toBeVisible();
    await isForEverybody(doctor, "one record");
    await page.goto("/painel/perfil");
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await expect(page.getByText(words["app.loading"])).toHaveCount(0);
    await isForEverybody(doctor, "the doctor's profile");
    await page.goto("/nao-existe");
    await expect(page.getByRole("heading", { name: words["app.not_found.title"] })).toBeVisible();
    await isForEverybody(doctor, "a page that does not exist");

    const admin = await arrive();
    await haveSession(admin, server, ADMIN.email);
    for (const path of ADMINS_PAGES) {
      await admin.page.goto(path);
      await expect(admin.page.getByRole("heading", { level: 1 })).toBeVisible();
      await expect(admin.page.getByText(words["app.loading"])).toHaveCount(0);
      await isForEverybody(admin, path);
    }
  });

  test("the patient's way needs no mouse", async ({ doctor, patient, server, clinic }) => {
    const consultation = await clinic.consultation();
    const { page } = patient;
    await page.goto(consultation.link);
    await press(page, page.getByRole("button", { name: "Continuar" }), "Enter");
    await expect(page.getByRole("button", { name: "Entrar na consulta" })).toBeVisible();
    await press(page, page.getByRole("checkbox", { name: /^Autorizo (?!em nome)/ }), "Space");
    await press(page, page.getByRole("button", { name: "Entrar na consulta" }), "Enter");
    await expect(page.getByRole("heading", { name: words["waiting.title"] })).toBeVisible();
    await doctorEnters(doctor, server, consultation);
    await admit(doctor);
    await patient.media.receives();

    await page.keyboard.press("m");
    await expect(page.getByRole("button", { name: "Ligar microfone" })).toBeVisible();
    await page.keyboard.press("v");
    await expect(page.getByRole("button", { name: "Ligar câmera" })).toBeVisible();
    await press(page, page.getByRole("button", { name: "Ligar câmera" }), "Enter");
    await expect(page.getByRole("button", { name: "Desligar câmera" })).toBeVisible();
    await press(page, page.getByRole("button", { name: "Chat", exact: true }), "Enter");
    await expect(page.getByRole("textbox", { name: "Mensagem" })).toBeFocused();
    await page.keyboard.type("sem mouse");
    await page.keyboard.press("Enter");
    await expect(page.getByRole("log").getByText("sem mouse")).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(page.getByRole("log")).toHaveCount(0);
    await press(page, page.getByRole("button", { name: "Sair" }), "Enter");
    await expect(page.getByRole("heading", { name: words["farewell.left"] })).toBeVisible();
    await endConsultation(doctor);
  });
});

/** Walks to `target` with the Tab key, sees that the focus shows, and presses. */
async function press(page: Page, target: Locator, key: "Enter" | "Space"): Promise<void> {
  await expect(target).toBeVisible();
  const isHere = () => target.evaluate((element) => element === document.activeElement);
  for (let keys = 0; keys < MANY_KEYS && !(await isHere()); keys++) await page.keyboard.press("Tab");
  await expect(target, "Tab leads here").toBeFocused();
  const ring = await target.evaluate((element) => {
    const { outlineStyle, outlineWidth } = getComputedStyle(element);
    return outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 2;
  });
  expect(ring, "the focus is visible").toBe(true);
  await page.keyboard.press(key);
}
