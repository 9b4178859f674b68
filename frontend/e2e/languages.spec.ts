import type { Page } from "@playwright/test";
import { en } from "../src/i18n/en/index.ts";
import { es } from "../src/i18n/es/index.ts";
import { ptBR } from "../src/i18n/pt-BR/index.ts";
import { ADMINS_PAGES } from "./support/pages.ts";
import { ADMIN } from "./support/server.ts";
import { admit, doctorEnters, endConsultation, haveSession } from "./support/steps.ts";
import { expect, test } from "./support/test.ts";

type Catalogue = Record<keyof typeof ptBR, string>;

/** Sentences that exist in pt-BR alone, without those that hold a value. */
function portugueseOnly(other: Catalogue): string[] {
  const theirs = new Set(Object.values(other));
  return [...new Set(Object.values<string>(ptBR))].filter(
    (text) => text.length > 3 && !text.includes("{") && !theirs.has(text),
  );
}

async function speaksOnly(page: Page, language: string, foreign: readonly string[]): Promise<void> {
  const shown = await page.evaluate(() => {
    const named = [...document.querySelectorAll("[aria-label], [placeholder], [alt], [title]")];
    const names = named.flatMap((one) =>
      ["aria-label", "placeholder", "alt", "title"].map((name) => one.getAttribute(name) ?? ""),
    );
    // biome-ignore lint/performance/useDomNodeTextContent: what is seen counts, line by line
    const lines = document.body.innerText.split("\n");
    return {
      lang: document.documentElement.lang,
      texts: [...lines, ...names, document.title].map((one) => one.trim()),
    };
  });
  expect(shown.lang).toBe(language);
  expect(shown.texts.filter((text) => foreign.includes(text))).toEqual([]);
}

const cases: { language: "en" | "es"; words: Catalogue }[] = [
  { language: "en", words: en },
  { language: "es", words: es },
];

for (const { language, words } of cases)
  test(`a patient invited in ${language} reads no Portuguese on the whole way`, async ({
    doctor,
    arrive,
    server,
    clinic,
  }) => {
    const consultation = await clinic.consultation({ language });
    const { page, media } = await arrive();
    const foreign = portugueseOnly(words);
    const check = () => speaksOnly(page, language, foreign);

    await page.goto(consultation.link);
    await expect(page.getByRole("button", { name: words["caller.continue"] })).toBeVisible();
    await check();
    await page.getByRole("button", { name: words["caller.continue"] }).click();
    await expect(page.getByText(words["equipment.camera.ok"])).toBeVisible();
    await check();
    await page.getByRole("checkbox", { name: words["consent.check"] }).check();
    await page.getByRole("button", { name: words["prepare.enter"] }).click();
    await expect(page.getByRole("heading", { name: words["waiting.title"] })).toBeVisible();
    await check();
    await doctorEnters(doctor, server, consultation);
    await admit(doctor);
    await media.receives();
    await page.getByRole("button", { name: words["call.chat"], exact: true }).click();
    await check();
    await page.getByRole("button", { name: words["call.more"] }).click();
    await check();
    await page.keyboard.press("Escape");
    await endConsultation(doctor);
    await expect(page.getByRole("heading", { name: words["farewell.ended"] })).toBeVisible();
    await check();
    await page.goto(`/paciente/${consultation.room.id}?lang=${language}#nothing`);
    await expect(page.getByRole("heading", { name: words["code.invalid_link"] })).toBeVisible();
    await check();
  });

/** A person of the demo is called so, in every language. */
const ADMINS_NAME = "Administração";
const STAFF = ["/painel", "/painel/agenda", "/painel/historico", "/painel/perfil", ...ADMINS_PAGES];

for (const { language, words } of cases)
  test(`staff who read ${language} find no Portuguese on any page`, async ({
    doctor,
    arrive,
    server,
    clinic,
  }) => {
    test.setTimeout(120_000);
    await clinic.consultation();
    const admin = await arrive();
    await haveSession(doctor, server);
    await haveSession(admin, server, ADMIN.email);
    const foreign = portugueseOnly(words).filter((text) => text !== ADMINS_NAME);
    for (const path of STAFF) {
      const { page } = path.startsWith("/painel") ? doctor : admin;
      await page.goto(`${path}?lang=${language}`);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      await expect(page.getByText(words["app.loading"])).toHaveCount(0);
      await test.step(path, () => speaksOnly(page, language, foreign));
    }
  });
