import AxeBuilder from "@axe-core/playwright";
import { addDays, instantsAt, wallClock, weekOf } from "../src/pages/doctor/zoned.ts";
import { haveSession } from "./support/steps.ts";
import { expect, test, words } from "./support/test.ts";

const CLINIC = "America/Sao_Paulo";
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/** Monday of the week after next: nothing of another test lies there. */
const MONDAY = weekOf(addDays(wallClock(new Date(), CLINIC).day, 14))[0] ?? "";

const at = (time: string, day = MONDAY) => instantsAt(day, time, CLINIC)[0] ?? "";

test("a doctor books, meets a conflict, moves and cancels, by the clinic's clock on a phone elsewhere", async ({
  arrive,
  server,
  clinic,
}) => {
  const doctor = await arrive({ viewport: { width: 390, height: 844 }, timezoneId: "Europe/Lisbon" });
  const { page } = doctor;
  const button = (name: string | RegExp) => page.getByRole("button", { name });
  await haveSession(doctor, server);
  const other = await clinic.consultation(
    { starts_at: at("09:00"), duration_minutes: 30 },
    { name: "Rui Prado", email: "" },
  );
  const mine = { name: "Lia Duarte", email: "lia.duarte@exemplo.com.br" };

  await page.goto(`/painel/agenda?dia=${MONDAY}&ver=dia`);
  await expect(page.getByText("Brasília (GMT-3)")).toBeVisible();
  await expect(button("09:00–09:30, Rui Prado")).toBeVisible();
  await button(words["room.new"]).click();
  await page.getByLabel("Nome do paciente").fill(mine.name);
  await page.getByLabel("E-mail do paciente").fill(mine.email);
  await page.getByText(words["room.when.later"]).click();
  await page.getByLabel(words["room.date"], { exact: true }).fill(MONDAY);
  await page.getByLabel(words["room.time"], { exact: true }).fill("09:15");
  await button("Criar consulta").click();
  await expect(page.getByText(words["code.slot_taken"])).toBeVisible();
  const free = page.getByRole("group", { name: words["agenda.free"] });
  await expect(free.getByRole("button")).toHaveCount(3);
  await free.getByRole("button", { name: "09:30" }).click();
  await expect(page.getByLabel(words["room.link"])).toHaveValue(/\/paciente\//);
  await button(words["room.later"]).click();
  await button("09:30–10:00, Lia Duarte").click();

  await button(words["agenda.move"]).click();
  await page.getByLabel(words["room.time"], { exact: true }).fill("09:00");
  await button(words["agenda.move.confirm"]).click();
  await expect(page.getByText(words["code.slot_taken"])).toBeVisible();
  await page.getByLabel(words["room.date"], { exact: true }).fill(addDays(MONDAY, 1));
  await page.getByLabel(words["room.time"], { exact: true }).fill("15:00");
  await button(words["agenda.move.confirm"]).click();
  await expect(page).toHaveURL(new RegExp(`dia=${addDays(MONDAY, 1)}`));
  await expect(button("15:00–15:30, Lia Duarte")).toBeVisible();

  await page.getByRole("group", { name: words["agenda.view"] }).getByText(words["agenda.view.week"]).click();
  await expect(button("09:00–09:30, Rui Prado")).toBeVisible();
  await page.setViewportSize({ width: 1280, height: 800 });
  await expect(button("15:00–15:30, Lia Duarte")).toBeVisible();
  const { violations } = await new AxeBuilder({ page }).withTags(RULES).setLegacyMode().analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" | ")}`)).toEqual(
    [],
  );

  await button("15:00–15:30, Lia Duarte").click();
  await button(words["agenda.cancel"]).click();
  await button(words["agenda.cancel.confirm"]).click();
  await expect(button(`15:00–15:30, Lia Duarte, ${words["outcome.cancelled"]}`)).toBeVisible();
  await expect
    .poll(async () => {
      const { outbox } = await clinic.doctor<{ outbox: { to: string; subject: string }[] }>("GET", "/demo");
      return outbox.filter(({ to }) => to.includes(mine.email)).map(({ subject }) => subject.split(" ")[0]);
    })
    .toEqual(["Cancelada:", "Novo", "Consulta"]);
  // The hour is free again for whoever tests next.
  await clinic.doctor("POST", `/rooms/${other.room.id}/close`, { outcome: "cancelled" });
});
