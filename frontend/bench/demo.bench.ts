/** P1 and P7: a whole call on the demo route, beside the same call of the baselines, taking turns. */

import { setTimeout as pause } from "node:timers/promises";
import { type Browser, test } from "@playwright/test";
import { arrive, cpuOf, type SystemName, save, takeTurns } from "./support/bench.ts";
import { endConsultation, ownPicture } from "./support/clinic.ts";
import { firstPicture, marksOf } from "./support/probe.ts";
import { firstPerson, leave, newRoom, RIVALS, type Rival } from "./support/rivals.ts";

/** The first person is settled, and whatever was to be prepared is. */
const SETTLE_MS = 700;
const IDLE_MS = 4_000;

interface Sample {
  /** Milliseconds from the second person's navigation to the first picture of the other, on each side. */
  second: number;
  first: number;
  /** Milliseconds of the server's processor, pages and the end included. */
  cpu: number | null;
  seconds: number;
}

type Pages = Awaited<ReturnType<typeof arrive>>;

async function measured(
  system: SystemName,
  call: () => Promise<{ first: Pages; second: Pages }>,
): Promise<Sample> {
  const cpu = cpuOf(system);
  const began = performance.now();
  const { first, second } = await call();
  const [seenByFirst, seenBySecond] = await Promise.all([
    firstPicture(first.page),
    firstPicture(second.page),
  ]);
  const { navigated } = await marksOf(second.page);
  if (system === "ours") await endConsultation(first.page);
  else await leave(second.page);
  await Promise.all([first.context.close(), second.context.close()]);
  await pause(200);
  const used = cpuOf(system);
  return {
    first: seenByFirst - navigated,
    second: seenBySecond - navigated,
    cpu: cpu === null || used === null ? null : used - cpu,
    seconds: (performance.now() - began) / 1000,
  };
}

async function ours(browser: Browser) {
  const first = await arrive(browser, "ours", "Iniciar como Médico");
  await first.page.goto("/teste-video");
  await first.page.locator("[data-stage]").waitFor();
  await ownPicture(first.page);
  await pause(SETTLE_MS);
  const second = await arrive(browser, "ours", "Entrar como Paciente");
  await second.page.goto("/teste-video", { waitUntil: "commit" });
  return { first, second };
}

async function theirs(browser: Browser, rival: Rival) {
  const room = newRoom();
  const first = await firstPerson(browser, rival, room.doctor);
  await pause(SETTLE_MS);
  const second = await arrive(browser, rival);
  await second.page.goto(room.patient, { waitUntil: "commit" });
  return { first, second };
}

/** Milliseconds of processor a second that a server uses with nobody there. */
async function idle(system: SystemName): Promise<number | null> {
  const before = cpuOf(system);
  await pause(IDLE_MS);
  const after = cpuOf(system);
  return before === null || after === null ? null : ((after - before) * 1000) / IDLE_MS;
}

test("demo", async ({ browser }) => {
  const samples = await takeTurns<Sample>([
    ["ours", () => measured("ours", () => ours(browser))],
    ...RIVALS.map((rival) => [rival, () => measured(rival, () => theirs(browser, rival))] as const),
  ]);
  const idleMs = { ours: await idle("ours"), peerjs: await idle("peerjs"), seed: await idle("seed") };
  save("demo", { samples, idle_ms_per_second: idleMs });
});
