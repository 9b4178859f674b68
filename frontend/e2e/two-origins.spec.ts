import { test as base, expect, type Page } from "@playwright/test";
import { ptBR as words } from "../src/i18n/pt-BR/index.ts";
import { launchOptions, smallCamera } from "./support/chromium.ts";
import { Clinic } from "./support/clinic.ts";
import { Person } from "./support/person.ts";
import { admit, endButton, endConsultation, farewell, patientEnters, signIn } from "./support/steps.ts";
import { RESOLVER, TwoSites } from "./support/two-sites.ts";

const REFRESH = "__Host-tc_refresh";

// biome-ignore lint/complexity/noBannedTypes: no fixture of a test, one of the worker
const test = base.extend<{}, { sites: TwoSites }>({
  sites: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the needed fixtures from this pattern
    async ({}, use) => {
      const sites = await TwoSites.open();
      await use(sites);
      await sites.close();
    },
    { scope: "worker", timeout: 90_000 },
  ],
});
test.use({ launchOptions: launchOptions([...smallCamera(), RESOLVER]) });

/** As browsers do that keep no cookie of another site, unless it stays in a jar of the page's own. */
async function blockForeignCookies(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send("Network.enable");
  await session.send("Network.setCookieControls", { enableThirdPartyCookieRestriction: true });
}

/** The names of the cookies that the next request to renew the session carries. */
async function renewedWith(page: Page, work: () => Promise<unknown>): Promise<string> {
  const asked = page.waitForRequest(/\/api\/auth\/refresh$/);
  await work();
  return (await (await asked).allHeaders()).cookie ?? "";
}

test("a consultation, with the app at one site and its server at another", async ({ browser, sites }) => {
  const clinic = new Clinic(sites.server);
  const options = { ignoreHTTPSErrors: true };
  const [doctor, patient] = await Promise.all([
    Person.arrive(browser, sites.app, options),
    Person.arrive(browser, sites.app, options),
  ]);
  for (const { page } of [doctor, patient]) await blockForeignCookies(page);
  const { page } = doctor;

  await test.step("without any cookie the session lives in the page's memory", async () => {
    await signIn(page, sites.server);
    await doctor.context.clearCookies();
    await page.route(
      /\/api\/calls/,
      (route) =>
        route.fulfill({
          status: 401,
          contentType: "application/problem+json",
          headers: {
            "Access-Control-Allow-Origin": sites.app,
            "Access-Control-Allow-Credentials": "true",
          },
          body: JSON.stringify({ code: "expired", status: 401 }),
        }),
      { times: 1 },
    );
    const sent = await renewedWith(page, () =>
      page.getByRole("link", { name: words["nav.history"] }).click(),
    );
    expect(sent).not.toContain(REFRESH);
    await expect(page.getByRole("heading", { name: words["history.title"] })).toBeVisible();
    await expect(page.getByLabel("Senha")).toHaveCount(0);
  });

  await test.step("a cookie that stays under this site survives a reload, others are held back", async () => {
    const url = new URL(sites.api);
    await doctor.context.addCookies([
      { name: "plain", value: "1", domain: url.hostname, path: "/", secure: true, sameSite: "None" },
    ]);
    const sent = await renewedWith(page, () => page.reload());
    expect(sent).toContain(REFRESH);
    expect(sent, "the browser does block cookies of other sites").not.toContain("plain");
    await expect(page.getByRole("heading", { name: words["history.title"] })).toBeVisible();
    const kept = (await doctor.context.cookies(sites.api)).find((cookie) => cookie.name === REFRESH);
    expect(kept).toMatchObject({ httpOnly: true, secure: true, sameSite: "None", path: "/" });
    const stored = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
    expect(stored).not.toMatch(/eyJ|[\w-]{40}/);
  });

  await test.step("the link leads to the app, and the two meet", async () => {
    const consultation = await clinic.consultation();
    expect(new URL(consultation.link).origin).toBe(sites.app);
    await page.goto(`/medico/${consultation.room.id}`);
    await patientEnters(patient.page, consultation.link);
    const question = page.getByRole("button", { name: "Entrar na consulta" });
    await expect(question.or(endButton(page))).toBeVisible();
    if (await question.isVisible()) await question.click();
    await admit(doctor);
    await Promise.all([doctor.media.receives(), patient.media.receives()]);
  });

  await test.step("the patient reloads and is back, without the link", async () => {
    await patient.page.reload();
    await Promise.all([doctor.media.receives(), patient.media.receives()]);
    await endConsultation(doctor);
    await expect(farewell(patient.page)).toBeVisible();
  });

  await test.step("the same pages at an unknown address get nothing", async () => {
    const stranger = await Person.arrive(browser, sites.stranger, options);
    await stranger.page.goto("/entrar");
    const got = await stranger.page.evaluate(async (api) => {
      const socket = new WebSocket(`${api.replace("https:", "wss:")}/socket.io/?EIO=4&transport=websocket`);
      const opened = new Promise<string>((done) => {
        socket.onopen = () => done("open");
        socket.onclose = () => done("closed");
      });
      const read = await fetch(`${api}/api/config`, { credentials: "include" }).then(
        () => "read",
        () => "refused",
      );
      return [read, await opened];
    }, sites.api);
    expect(got).toEqual(["refused", "closed"]);
    await stranger.leave();
  });

  const allowed = [sites.app, sites.api].map((origin) => new URL(origin).host);
  for (const person of [doctor, patient]) {
    expect(person.crashes).toEqual([]);
    expect(await person.media.violations()).toEqual([]);
    expect(person.hosts.filter((host) => !allowed.includes(host))).toEqual([]);
    await person.leave();
  }
});
