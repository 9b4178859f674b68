/** Both come in at the same moment, again and again: each time they are connected. `GLARE=200` asks more often. */
import type { Page } from "@playwright/test";
import { meet } from "./support/steps.ts";
import { expect, test } from "./support/test.ts";

const TIMES = Number(process.env.GLARE ?? 25);
const PATIENCE_MS = 10_000;

/** A new page that joins: the lightest way through the same door. */
async function enter(page: Page): Promise<void> {
  await page.reload({ waitUntil: "commit" });
}

/** The one connection stands, and a picture has come over it. */
async function isConnected(page: Page): Promise<void> {
  await page.waitForFunction(
    async () => {
      const standing = window.seen?.peers.filter((peer) => peer.connectionState === "connected") ?? [];
      if (standing.length !== 1) return false;
      for (const entry of ((await standing[0]?.getStats()) ?? new Map()).values())
        if (entry.type === "inbound-rtp" && entry.kind === "video" && entry.framesDecoded > 0) return true;
      return false;
    },
    undefined,
    { timeout: PATIENCE_MS, polling: 50 },
  );
}

test("who comes in at the very same moment meets, every time of many", async ({
  doctor,
  patient,
  server,
  clinic,
}) => {
  test.setTimeout(60_000 + 2_000 * TIMES);
  const { room } = await meet(doctor, patient, server, clinic);
  const before = await clinic.callOf(room, "open");
  const took: number[] = [];
  for (let time = 1; time <= TIMES; time++) {
    const begun = performance.now();
    await Promise.all([enter(doctor.page), enter(patient.page)]);
    await Promise.all([isConnected(doctor.page), isConnected(patient.page)]);
    took.push(performance.now() - begun);
  }
  const sorted = took.toSorted((a, b) => a - b);
  const told = [0.5, 0.95, 1].map((share) => Math.round(sorted[Math.ceil(share * TIMES) - 1] ?? 0));
  test.info().annotations.push({ type: "median, p95, longest in ms", description: told.join(" ") });
  const after = await clinic.callOf(room, "open");
  expect(after.id).toBe(before.id);
  expect(after.participants.map(({ role }) => role).sort()).toEqual(["doctor", "patient"]);
});
