import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { comeIn, haveSession } from "./support/steps.ts";
import { expect, test, words } from "./support/test.ts";

const PHONE = { viewport: { width: 390, height: 844 } };
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

async function isForEverybody(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).withTags(RULES).setLegacyMode().analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" | ")}`)).toEqual(
    [],
  );
}

test("from a doctor's open room into the queue, told, and sent home with a word", async ({
  doctor,
  arrive,
  server,
}) => {
  await haveSession(doctor, server);
  await doctor.page.goto("/painel");
  const stranger = await arrive(PHONE);
  const open = doctor.page.getByRole("switch", { name: words["standing.title"] });
  await expect(open).not.toBeChecked();
  await open.check();
  const address = (await doctor.page.locator("code").textContent()) ?? "";
  await stranger.page.goto(new URL(`http://${address}`).pathname);

  await stranger.page.getByLabel(words["visit.name"]).fill("Zilda Antunes");
  await isForEverybody(stranger.page);
  await stranger.page.getByRole("button", { name: "Continuar" }).click();
  await comeIn(stranger.page);
  await expect(stranger.page).toHaveURL(/\/paciente\/[0-9a-f-]+$/);

  const queue = doctor.page.getByRole("region", { name: words["panel.waiting"] });
  const entry = queue.getByRole("listitem").filter({ hasText: "Zilda Antunes" });
  await expect(entry).toContainText(words["queue.walk_in"]);
  await entry.getByRole("button", { name: words["queue.tell"] }).click();
  await entry.getByRole("button", { name: words["queue.quick.soon"] }).click();
  await isForEverybody(doctor.page);
  await entry.getByRole("button", { name: words["queue.tell.submit"] }).click();
  await expect(stranger.page.getByRole("alert")).toContainText(words["queue.quick.soon"]);
  await expect(entry).toContainText(words["queue.told"].replace("{text}", words["queue.quick.soon"]));

  await isForEverybody(stranger.page);
  // A reload keeps the place and the word.
  await stranger.page.reload();
  await expect(stranger.page.getByRole("alert")).toContainText(words["queue.quick.soon"]);

  await entry.getByRole("button", { name: words["queue.tell"] }).click();
  await entry.getByRole("button", { name: words["queue.quick.in_person"] }).click();
  await entry.getByRole("button", { name: words["queue.refuse.with"] }).click();
  await expect(stranger.page.getByRole("heading", { name: words["code.refused"] })).toBeVisible();
  await expect(stranger.page.getByRole("alert")).toContainText(words["queue.quick.in_person"]);
  await stranger.media.isReleased();

  await open.uncheck();
  await expect(doctor.page.getByText(words["standing.closed"])).toBeVisible();
  await stranger.page.goto(new URL(`http://${address}`).pathname);
  await expect(stranger.page.getByRole("heading", { name: words["visit.closed"] })).toBeVisible();
});
