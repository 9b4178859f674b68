/** The test function of this suite: a running clinic, a doctor and a patient, each in a browser of their own. */
import { type BrowserContextOptions, test as base, expect } from "@playwright/test";
import { ptBR } from "../../src/i18n/pt-BR/index.ts";
import { Clinic } from "./clinic.ts";
import { Person } from "./person.ts";
import { Server } from "./server.ts";

export { expect } from "@playwright/test";
/** What the app says in pt-BR, for words that the contract does not fix. */
export const words = ptBR;

interface Fixtures {
  doctor: Person;
  patient: Person;
  /** One more person, as many as wanted. */
  arrive: (options?: BrowserContextOptions) => Promise<Person>;
}

interface Shared {
  server: Server;
  clinic: Clinic;
}

export const test = base.extend<Fixtures & { up: undefined }, Shared>({
  server: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the needed fixtures from this pattern
    async ({}, use) => {
      const server = await Server.launch();
      await use(server);
      await server.remove();
    },
    { scope: "worker", timeout: 60_000 },
  ],
  clinic: [async ({ server }, use) => use(new Clinic(server)), { scope: "worker" }],
  // A test may have ended the server; the next one finds it running.
  up: [
    async ({ server }, use) => {
      await server.start();
      await use(undefined);
    },
    { auto: true },
  ],
  baseURL: async ({ server }, use) => use(server.origin),
  arrive: async ({ browser, server }, use) => {
    const people: Person[] = [];
    await use(async (options) => {
      const person = await Person.arrive(browser, server.origin, options);
      people.push(person);
      return person;
    });
    const behaved = await Promise.all(people.map((person) => behaviour(person, server)));
    for (const person of people) await person.leave();
    const complaints = people.flatMap((person) => person.complaints).join("\n");
    if (complaints) await test.info().attach("console", { body: complaints });
    for (const seen of behaved) expect(seen).toEqual({ crashes: [], violations: [], foreignHosts: [] });
  },
  doctor: async ({ arrive }, use) => use(await arrive()),
  patient: async ({ arrive }, use) => use(await arrive()),
});

/** What no page of ours may do, in any test. */
async function behaviour(person: Person, server: Server) {
  const own = new URL(server.origin).host;
  const violations: string[] = [];
  for (const page of person.context.pages())
    violations.push(...(await page.evaluate(() => window.seen?.violations ?? []).catch(() => [])));
  return { crashes: person.crashes, violations, foreignHosts: person.hosts.filter((host) => host !== own) };
}
