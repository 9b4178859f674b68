/** What the test of the network says, towards a real relay that is open, half open or shut. */
import type { Browser, Page } from "@playwright/test";
import { launchOptions, smallCamera } from "./support/chromium.ts";
import { Clinic } from "./support/clinic.ts";
import { Person } from "./support/person.ts";
import { Relay, type Transport } from "./support/relay.ts";
import { Server } from "./support/server.ts";
import { admit, comeIn, doctorEnters, haveSession, prepare } from "./support/steps.ts";
import { test as base, expect, words } from "./support/test.ts";

const test = base.extend<{ shut: undefined }, { relay: Relay }>({
  relay: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the needed fixtures from this pattern
    async ({}, use) => {
      const relay = await Relay.prepare();
      await use(relay);
      await relay.remove();
    },
    { scope: "worker" },
  ],
  server: [
    async ({ relay }, use) => {
      const server = await Server.launch({ env: relay.settings });
      await use(server);
      await server.remove();
    },
    { scope: "worker", timeout: 60_000 },
  ],
  clinic: [async ({ server }, use) => use(new Clinic(server)), { scope: "worker" }],
  shut: [
    async ({ relay }, use) => {
      await use(undefined);
      await relay.shut();
    },
    { auto: true },
  ],
});

// The relay's certificate is signed by nobody; relays over TLS obey this switch like pages do.
test.use({ launchOptions: launchOptions([...smallCamera(), "--ignore-certificate-errors"]) });

const row = (page: Page) =>
  page.getByRole("heading", { name: words.network, exact: false, level: 3 }).locator("../..");

async function testIsOver(page: Page): Promise<void> {
  await expect(row(page).getByText(words["network.result.testing"], { exact: true })).toHaveCount(0);
}

/** The four ways as the row tells them, best first. */
async function ways(page: Page): Promise<string[]> {
  await row(page).getByText(words["network.details"]).click();
  const all = await row(page).getByRole("listitem").allTextContents();
  return all.map((text) => text.replace(/^.*: /, ""));
}

const { ok, blocked, absent } = {
  ok: words["network.result.ok"],
  blocked: words["network.result.blocked"],
  absent: words["network.result.absent"],
};

test("an open network says so, and no credential was needed for that", async ({ patient, relay, clinic }) => {
  await relay.open("udp", "tcp", "tls");
  const { link } = await clinic.consultation();
  const answers: Promise<string>[] = [];
  patient.page.on("response", (answer) => {
    if (answer.url().includes("/api/")) answers.push(answer.text());
  });
  await prepare(patient.page, link);
  await expect(row(patient.page)).toContainText(words["network.direct"]);
  await testIsOver(patient.page);
  expect(await patient.media.alive()).toMatchObject({ peers: 0 });
  expect(await ways(patient.page)).toEqual([ok, ok, ok, ok]);
  const told = (await Promise.all(answers)).join("\n");
  expect(told).toContain(relay.urls[0]);
  expect(told).not.toContain("credential");
});

const partly: [Transport[], string, string[]][] = [
  [["tls"], words["network.relay_tls"], [blocked, blocked, blocked, ok]],
  [["tcp", "tls"], words["network.relay_tcp"], [blocked, blocked, ok, ok]],
  [["udp"], words["network.direct"], [ok, ok, blocked, blocked]],
];
for (const [open, says, expected] of partly) {
  test(`a network that lets through ${open.join(" and ")} alone`, async ({ patient, relay, clinic }) => {
    await relay.open(...open);
    const { link } = await clinic.consultation();
    await prepare(patient.page, link);
    await expect(row(patient.page)).toContainText(says);
    await testIsOver(patient.page);
    expect(await ways(patient.page)).toEqual(expected);
  });
}

test("a network that blocks everything keeps nobody out, and another one is noticed", async ({
  doctor,
  patient,
  relay,
  server,
  clinic,
}) => {
  const consultation = await clinic.consultation();
  await prepare(patient.page, consultation.link);
  await expect(row(patient.page)).toContainText(words["network.blocked"]);
  await expect(row(patient.page)).toContainText(words["network.blocked.next"]);
  expect(await ways(patient.page)).toEqual([blocked, blocked, blocked, blocked]);
  await relay.open("udp", "tcp", "tls");
  await row(patient.page).getByRole("button", { name: words["network.again"] }).click();
  await expect(row(patient.page)).toContainText(words["network.direct"]);
  await relay.shut();
  await row(patient.page).getByRole("button", { name: words["network.again"] }).click();
  await comeIn(patient.page);
  await doctorEnters(doctor, server, consultation);
  await admit(doctor);
  await Promise.all([doctor.media.receives(), patient.media.receives()]);
});

/** Somebody who visits a server that is set up in another way. */
async function visit(
  browser: Browser,
  settings: Record<string, string>,
  look: (visitor: Person, server: Server) => Promise<void>,
): Promise<void> {
  const server = await Server.launch({ env: settings });
  const visitor = await Person.arrive(browser, server.origin, { locale: "pt-BR" });
  try {
    await look(visitor, server);
    expect(visitor.crashes).toEqual([]);
    expect(await visitor.media.violations()).toEqual([]);
  } finally {
    await visitor.leave();
    await server.remove();
  }
}

test("the test of a device tells it, too, in an installation for real patients", async ({
  browser,
  relay,
}) => {
  await relay.open("udp", "tls");
  const real = {
    ...relay.settings,
    DEMO: "",
    DEMO_PASSWORD: "",
    PUBLIC_URL: "https://clinica.example",
    SECRET_KEY: `Chave-${relay.secret}-${relay.secret}`,
  };
  await visit(browser, real, async ({ page }) => {
    await page.goto("/teste-video");
    await expect(row(page)).toContainText(words["network.direct"]);
    await testIsOver(page);
    expect(await ways(page)).toEqual([ok, ok, blocked, ok]);
  });
});

test("without a relay it says only what is known", async ({ browser }) => {
  await visit(browser, {}, async ({ page, media }, server) => {
    await prepare(page, (await new Clinic(server).consultation()).link);
    await expect(row(page)).toContainText(words["network.no_relay"]);
    await expect(row(page).getByRole("listitem")).toHaveCount(0);
    expect(await media.alive()).toMatchObject({ peers: 0 });
  });
});

test("with nothing but a STUN server the relays are said to be absent", async ({ browser, relay }) => {
  await relay.open("udp");
  const [udp = ""] = relay.urls;
  await visit(
    browser,
    { STUN_URLS: udp.replace("turn:", "stun:").replace(/\?.*/, "") },
    async ({ page }, server) => {
      await prepare(page, (await new Clinic(server).consultation()).link);
      await expect(row(page)).toContainText(words["network.direct"]);
      expect(await ways(page)).toEqual([ok, absent, absent, absent]);
    },
  );
});

test("a doctor sees it before going in", async ({ doctor, relay, server, clinic }) => {
  await relay.open("udp", "tcp", "tls");
  const { room } = await clinic.consultation();
  await haveSession(doctor, server);
  // The driver's looks count as touches, and after a touch the page would not ask.
  await doctor.context.addInitScript(() => {
    Object.defineProperty(navigator, "userActivation", { value: { hasBeenActive: false, isActive: false } });
  });
  await doctor.page.goto(`/medico/${room.id}`);
  await expect(row(doctor.page)).toContainText(words["network.direct"]);
});
