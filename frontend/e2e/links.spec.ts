import type { Page as BrowserPage } from "@playwright/test";
import type { AuditOut, Page } from "../src/api/types";
import { patientEnters } from "./support/steps.ts";
import { expect, test, words } from "./support/test.ts";

type Code = "invalid_link" | "expired" | "revoked" | "room_closed";

const HOUR_MS = 3_600_000;
const LOOKS = 50;
const LASTING = /^\d+ (invitation|consent|room):/;

/** The link says what is the matter with it and offers no way in. */
async function isRefused(page: BrowserPage, code: Code): Promise<void> {
  await expect(page.getByRole("heading", { name: words[`code.${code}`] })).toBeVisible();
  await expect(page.getByText(words[`code.${code}.next`])).toBeVisible();
  await expect(page.getByRole("button", { name: "Continuar" })).toHaveCount(0);
}

test.describe("a link that opens nothing says why", () => {
  test("one that was never given out", async ({ patient, clinic }) => {
    const { room } = await clinic.consultation();
    await patient.page.goto(`/paciente/${room.id}#nao-e-um-convite`);
    await isRefused(patient.page, "invalid_link");
  });

  test("one that was cut short on its way", async ({ patient, clinic }) => {
    const { link } = await clinic.consultation();
    await patient.page.goto(link.slice(0, -12));
    await isRefused(patient.page, "invalid_link");
  });

  test("a token of another consultation opens its own one only", async ({ patient, clinic }) => {
    const [mine, other] = [await clinic.consultation(), await clinic.consultation()];
    const foreign = `/paciente/${other.room.id}#${new URL(mine.link).hash.slice(1)}`;
    await patient.page.goto(foreign);
    await isRefused(patient.page, "invalid_link");
  });

  test("no token at all", async ({ patient, clinic }) => {
    const { room } = await clinic.consultation();
    await patient.page.goto(`/paciente/${room.id}`);
    await expect(patient.page.getByRole("heading", { name: words["code.missing_link"] })).toBeVisible();
  });

  test("one that the clinic took back", async ({ patient, clinic }) => {
    const { link, invitation } = await clinic.consultation();
    await clinic.doctor("DELETE", `/invitations/${invitation.id}`);
    await patient.page.goto(link);
    await isRefused(patient.page, "revoked");
  });

  test("one of a consultation that is over", async ({ patient, clinic }) => {
    const { link, room } = await clinic.consultation();
    await clinic.doctor("POST", `/rooms/${room.id}/close`, { outcome: "no_show" });
    await patient.page.goto(link);
    await isRefused(patient.page, "room_closed");
  });

  test("one whose time has passed", async ({ patient, server, clinic }) => {
    const { link, room } = await clinic.consultation();
    server.sql(`UPDATE rooms SET during = tstzrange(lower(during) - interval '9 hours', upper(during) - interval '9 hours')
                WHERE id = '${room.id}'`);
    await patient.page.goto(link);
    await isRefused(patient.page, "expired");
  });

  test("one that opens later tells the hour, and lets nobody in before", async ({ patient, clinic }) => {
    const startsAt = new Date(Date.now() + 26 * HOUR_MS + Math.round(Math.random() * 1000) * 60_000);
    const { link } = await clinic.consultation({ starts_at: startsAt.toISOString(), duration_minutes: 10 });
    await patient.page.goto(link);
    await patient.page.getByRole("button", { name: "Continuar" }).click();
    await expect(patient.page.getByRole("heading", { name: words["code.too_early"] })).toBeVisible();
    const opens = new Date(startsAt.getTime() - HOUR_MS / 2);
    const hour = opens.toLocaleTimeString("pt-BR", {
      hour: "2-digit",
      minute: "2-digit",
      timeZone: "America/Sao_Paulo",
    });
    await expect(patient.page.getByText(hour)).toBeVisible();
  });

  test("taken back in the waiting room, it ends there within a second", async ({ patient, clinic }) => {
    const { link, invitation } = await clinic.consultation();
    await patientEnters(patient.page, link);
    await clinic.doctor("DELETE", `/invitations/${invitation.id}`);
    await expect(patient.page.getByRole("heading", { name: words["code.revoked"] })).toBeVisible({
      timeout: 2000,
    });
    await patient.media.isReleased();
  });
});

test("a mail scanner's fifty looks change nothing, and the person comes in afterwards", async ({
  patient,
  arrive,
  clinic,
}) => {
  const { link, room } = await clinic.consultation();
  const state = async () => {
    const { invitations, ...rest } = await clinic.room(room.id);
    const { items } = await clinic.admin<Page<AuditOut>>("GET", "/audit?limit=100");
    return {
      rest,
      // The link is written anew for each reader; people of other tests may leave their rooms meanwhile.
      invitations: invitations.map((one) => ({ ...one, link: null })),
      trail: items
        .map(({ seq, action }) => `${seq} ${action}`)
        .filter((one) => LASTING.test(one))
        // Reading the log writes to it, so its page moves; the newest act tells whether anything was added.
        .slice(0, 1),
    };
  };
  await expect
    .poll(async () => (await clinic.room(room.id)).invitations[0]?.delivery, { message: "the mail is out" })
    .toBe("sent");
  const before = await state();

  const bare = link.split("#")[0] ?? "";
  for (let look = 0; look < LOOKS; look++) {
    const answer = await fetch(bare, { method: look % 2 ? "HEAD" : "GET" });
    expect(answer.status).toBe(200);
  }
  const scanner = await arrive();
  await scanner.page.goto(link);
  await expect(scanner.page.getByRole("button", { name: "Continuar" })).toBeVisible();
  await scanner.page.reload();
  expect(await scanner.media.asked()).toBe(0);

  expect(await state()).toEqual(before);
  await patientEnters(patient.page, link);
  const [invitation] = (await clinic.room(room.id)).invitations;
  expect(invitation?.opened_at).not.toBeNull();
});
