import { readFile } from "node:fs/promises";
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { ADMIN } from "./support/server.ts";
import { haveSession } from "./support/steps.ts";
import { expect, test, words } from "./support/test.ts";

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/** This screen can be read and used by everybody, also 320 points wide. */
async function isForEverybody(page: Page, screen: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).withTags(RULES).setLegacyMode().analyze();
  expect
    .soft(
      violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`),
      screen,
    )
    .toEqual([]);
  const size = page.viewportSize();
  await page.setViewportSize({ width: 320, height: 640 });
  const sideways = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect.soft(sideways, `${screen}, 320 points wide`).toBeLessThanOrEqual(0);
  if (size) await page.setViewportSize(size);
}

test("an administrator answers a patient, an incident and the law", async ({ doctor, server, clinic }) => {
  const { patient } = await clinic.consultation();
  const { page } = doctor;
  await haveSession(doctor, server, ADMIN.email);

  await test.step("the way there", async () => {
    await page.goto("/admin/gestao");
    await expect(page.getByRole("link", { name: words["manage.incidents"] })).toBeVisible();
    await isForEverybody(page, "management");
  });

  await test.step("a system is told, at a public address only", async () => {
    await page.getByRole("link", { name: words["manage.webhooks"] }).click();
    await page.getByRole("button", { name: words["hooks.add"] }).click();
    await page.getByLabel(words["hooks.url"]).fill("https://127.0.0.1/segredo");
    await page.getByRole("button", { name: words["hooks.create"] }).click();
    await expect(page.getByText(words["code.webhook_address_forbidden"])).toBeVisible();
    await page.getByLabel(words["hooks.url"]).fill("https://8.8.8.8/hook");
    await page.getByRole("button", { name: words["hooks.create"] }).click();
    await expect(page.getByText(/^whsec_[\w-]{43}$/)).toBeVisible();
    await isForEverybody(page, "a new secret");
    await page.getByRole("button", { name: words["app.close"] }).click();
    await page.getByRole("button", { name: words["hooks.disable"] }).click();
    await expect(page.getByText(words["hooks.disabled"], { exact: true })).toBeVisible();
    await isForEverybody(page, "receivers");
  });

  await test.step("an incident is written down and continued", async () => {
    await page.goto("/admin/gestao/incidentes");
    await page.getByRole("button", { name: words["incident.add"] }).click();
    await page.getByLabel(words["incident.name"]).fill("Notebook furtado");
    await page.getByLabel(words["incident.text"]).fill("Disco cifrado, 12 pacientes.");
    await page.getByRole("button", { name: words["incident.create"] }).click();
    await expect(page.getByText(/Avisar a ANPD até/)).toBeVisible();
    await page.getByRole("button", { name: words["incident.show"] }).click();
    await page.getByLabel(words["incident.kind"]).selectOption("authority_told");
    await page.getByLabel(words["incident.entry"]).fill("Protocolo 123.");
    await page.getByRole("button", { name: words["incident.write"] }).click();
    await expect(page.getByText(/^Resolvido com a ANPD/)).toBeVisible();
    await isForEverybody(page, "incidents");
  });

  await test.step("the installation is examined, and what it lacks comes with a remedy", async () => {
    await page.goto("/admin/gestao");
    await page.getByRole("link", { name: words["manage.checkup"] }).click();
    const todo = page.getByRole("region", { name: words["checkup.todo"] });
    await expect(todo.getByText("DEMO está ligado")).toBeVisible({ timeout: 20_000 });
    await expect(todo.getByText(words["checkup.remedy"]).first()).toBeVisible();
    await expect(page.getByRole("region", { name: words["checkup.ok"] })).toContainText("PostgreSQL");
    await isForEverybody(page, "the examination");
  });

  await test.step("nothing is past its time yet", async () => {
    await page.goto("/admin/gestao/prazos");
    await page.getByRole("button", { name: words["keep.preview"] }).click();
    await expect(page.getByRole("heading", { name: words["keep.run.preview"], exact: true })).toBeVisible();
    await expect(page.getByText(words["keep.nothing"]).first()).toBeVisible();
    await isForEverybody(page, "retention");
  });

  await test.step("a patient gets all that is kept of them, and sees who has looked", async () => {
    await page.goto("/admin/gestao/titulares");
    await page.getByLabel(words["people.search"]).fill(patient.name);
    await page.getByRole("button", { name: words["people.find"] }).click();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: words["people.export"] }).first().click(),
    ]);
    expect((await readFile(await download.path())).subarray(0, 2).toString()).toBe("PK");
    await isForEverybody(page, "one person's data");
    await page.getByRole("link", { name: words["people.accesses"] }).first().click();
    await expect(page.getByRole("cell", { name: words["seen.what.subject_export"] })).toBeVisible();
    await isForEverybody(page, "accesses");
  });
});
