import type { Person } from "./support/person.ts";
import { patientEnters } from "./support/steps.ts";
import { expect, test, words } from "./support/test.ts";

const MOST_BYTES = 150_000;
const MOST_REQUESTS = 8;

/** Bytes over the wire as the browser counts them, headers included. */
async function count(person: Person) {
  const wire = await person.context.newCDPSession(person.page);
  await wire.send("Network.enable");
  const told = { bytes: 0, requests: [] as string[] };
  wire.on("Network.requestWillBeSent", ({ request }) => {
    if (/^https?:/.test(request.url))
      told.requests.push(`${request.method} ${new URL(request.url).pathname}`);
  });
  wire.on("Network.webSocketCreated", ({ url }) => told.requests.push(`SOCKET ${new URL(url).pathname}`));
  wire.on("Network.loadingFinished", ({ encodedDataLength }) => {
    told.bytes += encodedDataLength;
  });
  return told;
}

test("the way from the link to the waiting room is light", async ({ patient, clinic }) => {
  const { link } = await clinic.consultation();
  const told = await count(patient);
  await patientEnters(patient.page, link);
  expect(told.requests.length, told.requests.join("\n")).toBeLessThanOrEqual(MOST_REQUESTS);
  expect(told.bytes, told.requests.join("\n")).toBeLessThanOrEqual(MOST_BYTES);
  expect(told.bytes, "the counting works").toBeGreaterThan(10_000);
});

test("on a slow link the waiting room is a few seconds away", async ({ patient, clinic }) => {
  const { link } = await clinic.consultation();
  const wire = await patient.context.newCDPSession(patient.page);
  await wire.send("Network.emulateNetworkConditions", {
    offline: false,
    latency: 400,
    downloadThroughput: 50_000,
    uploadThroughput: 50_000,
  });
  const pressed = Date.now();
  await patient.page.goto(link);
  await expect(patient.page.getByRole("button", { name: "Continuar" })).toBeVisible();
  const shown = Date.now() - pressed;
  test.info().annotations.push({ type: "first screen, ms", description: String(shown) });
  await patientEnters(patient.page, link);
  await expect(patient.page.getByRole("heading", { name: words["waiting.title"] })).toBeVisible();
});
