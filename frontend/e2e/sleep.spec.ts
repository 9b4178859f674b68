import { comeIn, haveSession, prepare } from "./support/steps.ts";
import { expect, test, words } from "./support/test.ts";

const WAKE = { timeout: 25_000 };

test("who comes while the server sleeps comes in by themselves, in their order", async ({
  doctor,
  patient,
  arrive,
  server,
  clinic,
}) => {
  const other = await arrive();
  const [first, second] = [await clinic.consultation(), await clinic.consultation()];
  await prepare(patient.page, first.link);
  await prepare(other.page, second.link);
  await haveSession(doctor, server);
  await server.stop();
  const knocks: Promise<void>[] = [];
  for (const { page } of [patient, other]) {
    knocks.push(comeIn(page, WAKE));
    await expect(page.getByText(words["code.offline"])).toBeVisible();
  }
  await server.start();
  await Promise.all(knocks);
  await doctor.page.goto("/painel");
  const queue = doctor.page.getByRole("region", { name: words["panel.waiting"] }).getByRole("listitem");
  await expect(queue).toHaveCount(2);
  await expect(queue.nth(0)).toContainText(first.patient.name);
  await expect(queue.nth(1)).toContainText(second.patient.name);
});
