/** Every fault has its own code on the patient's screen and on the doctor's, and none other. */
import type { Browser, Page } from "@playwright/test";
import { keysOf } from "../src/pages/readiness/causes.ts";
import type { Clinic, Consultation } from "./support/clinic.ts";
import { consultationFor, FAULTS, type Fault } from "./support/faults.ts";
import type { Server } from "./support/server.ts";
import { haveSession, meet } from "./support/steps.ts";
import { expect, test, words } from "./support/test.ts";

const AT_ONCE = 3;
/** Two seconds are promised and kept by a machine with nothing else to do; here three visits and both browsers share one. */
const TOLD_MS = 10_000;
/** A patient without a network cannot say so: the doctor's server misses them, after fifteen seconds at most. */
const MISSED_MS = 16_000;

interface Seen {
  readonly patient: string | null;
  readonly doctor: string | null;
  readonly tookMs: number;
}

async function visit(
  fault: Fault,
  consultation: Consultation,
  world: { browser: Browser; server: Server; clinic: Clinic; doctor: Page },
): Promise<Seen> {
  const { browser, server, clinic, doctor } = world;
  const context = await browser.newContext({ baseURL: server.origin, ...fault.browser });
  try {
    const page = await context.newPage();
    const scene = { clinic, server, context, page, consultation };
    await fault.before?.(scene);
    await page.goto(consultation.link);
    if (!fault.closed) await page.getByRole("button", { name: "Continuar" }).click();
    await fault.after?.(scene);
    const own = page.locator("[data-cause]");
    await expect(own).toHaveAttribute("data-cause", /./);
    const since = Date.now();
    const card = doctor.locator(`[data-participant="${consultation.invitation.participant_id}"]`);
    const told = card.locator("[data-cause]");
    await told.waitFor({ timeout: MISSED_MS });
    const tookMs = Date.now() - since;
    const keys = keysOf(fault.cause);
    if (keys) await expect(told).toContainText(words[keys.title]);
    return {
      patient: await own.getAttribute("data-cause"),
      doctor: await told.getAttribute("data-cause"),
      tookMs,
    };
  } finally {
    await context.close();
  }
}

test("each fault shows its code on both screens", async ({ browser, server, clinic, doctor }) => {
  test.setTimeout(180_000);
  await haveSession(doctor, server);
  await doctor.page.goto("/painel");
  await expect(doctor.page.getByRole("heading", { name: words["panel.waiting"] })).toBeVisible();
  const world = { browser, server, clinic, doctor: doctor.page };
  const seen: Record<string, unknown> = {};
  const left: [Fault, Consultation][] = [];
  for (const fault of FAULTS) {
    const consultation = await consultationFor(clinic, fault);
    fault.first?.(server, consultation);
    left.push([fault, consultation]);
  }
  const walk = async () => {
    for (let next = left.shift(); next; next = left.shift()) {
      const [fault, consultation] = next;
      const { cause } = fault;
      const found = await visit(fault, consultation, world).catch((error: unknown) =>
        String(error).slice(0, 300),
      );
      const limit = cause === "offline" ? MISSED_MS : TOLD_MS;
      seen[cause] = typeof found === "string" || found.tookMs > limit ? found : [found.patient, found.doctor];
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, walk));
  expect(seen).toEqual(Object.fromEntries(FAULTS.map(({ cause }) => [cause, [cause, cause]])));
});

test("tested days before, shown in the agenda, and by telephone when nothing helps", async ({
  server,
  clinic,
  doctor,
  patient,
}) => {
  const starts = new Date(Date.now() + 2 * 86_400_000).toISOString();
  const { link, room } = await clinic.consultation({ starts_at: starts });
  await haveSession(doctor, server);
  await doctor.page.goto("/painel");
  await patient.page.goto(link.replace("#", "/teste#"));
  await patient.page.getByRole("button", { name: words["test.start"] }).click();
  await expect(patient.page.getByText(words["equipment.microphone.ok"])).toBeVisible();
  await patient.page.getByRole("button", { name: words["equipment.speaker.play"] }).click();
  await patient.page.getByRole("button", { name: words["equipment.speaker.heard"], exact: true }).click();
  await patient.page.getByRole("button", { name: words["test.finish"] }).click();
  await expect(patient.page.getByRole("heading", { name: words["test.green"] })).toBeVisible();
  const card = doctor.page.getByRole("article").filter({ hasText: room.patient.name });
  await expect(card.locator("[data-light='green']")).toBeVisible({ timeout: 35_000 });

  await patient.page.goto("about:blank");
  await clinic.doctor("DELETE", `/invitations/${room.invitations[0]?.id}`);
  await patient.page.goto(link);
  await patient.page.getByRole("button", { name: words["phone.wish"] }).click();
  await expect(patient.page.getByText(words["phone.wished"])).toBeVisible();
  const trouble = doctor.page.locator(`[data-participant="${room.invitations[0]?.participant_id}"]`);
  await expect(trouble.getByText(words["trouble.wants_phone"])).toBeVisible();
  await trouble.getByRole("button", { name: words["phone.go"] }).click();
  await expect(trouble.getByText(words["phone.gone"])).toBeVisible();
  expect((await clinic.room(room.id)).channel).toBe("phone");
});

test("a picture that is promised and does not arrive has its code in the call, too", async ({
  doctor,
  patient,
  server,
  clinic,
}) => {
  await meet(doctor, patient, server, clinic);
  await Promise.all([doctor.media.receives(), patient.media.receives()]);
  // The doctor's camera gives nothing any more, and nobody has switched it off.
  await doctor.page.evaluate(async () => {
    const senders = window.seen.peers.flatMap((peer) => peer.getSenders());
    await Promise.all(
      senders.filter(({ track }) => track?.kind === "video").map((one) => one.replaceTrack(null)),
    );
  });
  const shown = (page: Page) => page.locator("[data-cause]");
  await expect(shown(patient.page)).toHaveAttribute("data-cause", "no_remote_frames");
  await expect(shown(doctor.page)).toHaveAttribute("data-cause", "no_remote_frames");
});
