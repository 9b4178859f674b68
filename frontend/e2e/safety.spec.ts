import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { admit, doctorEnters, line, patientEnters, say } from "./support/steps.ts";
import { expect, test } from "./support/test.ts";

const HOSTILE = '<img src=x onerror="window.broken=1">';

const isBroken = () => (window as unknown as { broken?: number }).broken ?? null;

test("markup in a name or a message is shown as text and never runs", async ({
  doctor,
  patient,
  server,
  clinic,
}) => {
  const consultation = await clinic.consultation(
    {},
    { name: `Rui ${HOSTILE}`, email: "rui.marcado@exemplo.com.br" },
  );
  await Promise.all([
    doctorEnters(doctor, server, consultation),
    patientEnters(patient.page, consultation.link),
  ]);
  await expect(doctor.page.getByText(`Rui ${HOSTILE}`).first()).toBeVisible();
  await admit(doctor);
  await Promise.all([doctor.media.receives(), patient.media.receives()]);
  await say(patient.page, `dois ${HOSTILE}`);
  await expect(await line(doctor.page, HOSTILE)).toHaveCount(1);
  await say(doctor.page, `três ${HOSTILE}`);
  await expect(await line(patient.page, "três")).toContainText(HOSTILE);
  for (const { page } of [doctor, patient]) {
    expect(await page.evaluate(isBroken)).toBeNull();
    expect(await page.locator("img[src=x]").count()).toBe(0);
  }
});

test("nobody can show us in a frame of theirs", async ({ browser, server }) => {
  const host = createServer((_, answer) => {
    answer.setHeader("Content-Type", "text/html");
    answer.end(`<iframe src="${server.origin}/entrar" allow="camera; microphone"></iframe>`);
  });
  await new Promise<void>((up) => host.listen(0, "127.0.0.1", up));
  const page = await browser.newPage();
  try {
    const refused = page.waitForEvent("console", (message) =>
      /frame-ancestors|X-Frame-Options/.test(message.text()),
    );
    await page.goto(`http://127.0.0.1:${(host.address() as AddressInfo).port}/`);
    await refused;
    const inner = page.frames()[1];
    expect(await inner?.evaluate(() => document.body?.textContent ?? "")).not.toContain("Senha");
  } finally {
    await page.close();
    host.close();
  }
});
