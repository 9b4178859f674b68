import { createHmac } from "node:crypto";
import type { Page } from "@playwright/test";
import { ADMIN } from "./support/server.ts";
import { haveSession } from "./support/steps.ts";
import { expect, test, words } from "./support/test.ts";

const STEP_SECONDS = 30;
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** What an authenticator app shows for a secret (RFC 6238), `ahead` steps from now. */
function appCode(secret: string, ahead = 0): string {
  const bits = [...secret].map((sign) => ALPHABET.indexOf(sign).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g)?.map((byte) => Number.parseInt(byte, 2)) ?? []);
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 1000 / STEP_SECONDS) + ahead));
  const hash = createHmac("sha1", key).update(counter).digest();
  const at = (hash.at(-1) ?? 0) & 15;
  return String((hash.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

async function signIn(page: Page, email: string, password: string): Promise<void> {
  await page.goto("/entrar");
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Senha").fill(password);
  await page.getByRole("button", { name: "Entrar", exact: true }).click();
}

test("invited by e-mail, a doctor chooses a password, sets up a second factor, and comes in with it", async ({
  arrive,
  server,
  clinic,
}) => {
  const email = "nova.medica@exemplo.com.br";
  const password = "girassol azul 77";
  const admin = await arrive();
  await haveSession(admin, server, ADMIN.email);
  await admin.page.goto("/admin/usuarios");
  await admin.page.getByRole("button", { name: words["users.add"] }).click();
  await admin.page.getByLabel(words["users.name"]).fill("Dra. Nova Médica");
  await admin.page.getByLabel(words["users.email"]).fill(email);
  await admin.page.getByRole("button", { name: words["users.invite"] }).click();
  const row = admin.page.getByRole("listitem").filter({ hasText: email });
  await expect(row.getByText(words["users.pending.invitation"])).toBeVisible();

  const { page } = await arrive();
  await page.goto(await clinic.mailedLink(email));
  await expect(page).toHaveURL(/\/senha$/);
  await page.getByLabel(words["password.new"]).fill(password);
  await page.getByLabel(words["password.repeat"]).fill(password);
  await page.getByRole("button", { name: words["password.save"] }).click();
  await expect(page.getByText(words["password.done"]).last()).toBeVisible();
  await signIn(page, email, password);
  await page.getByRole("link", { name: words["nav.security"] }).click();
  // A page left open must not be enough.
  server.sql("UPDATE staff_sessions SET created_at = created_at - interval '11 minutes'");
  await page.getByRole("button", { name: words["factor.start"] }).click();
  await page.getByLabel("Senha").fill(password);
  await page.getByRole("button", { name: words["factor.start"] }).click();
  await expect(page.getByRole("img", { name: words["factor.qr"] })).toBeVisible();
  const secret = ((await page.locator("code").textContent()) ?? "").replaceAll(" ", "");
  await page.getByLabel(words["factor.code"], { exact: true }).fill(appCode(secret));
  await page.getByRole("button", { name: words["factor.confirm"] }).click();
  const codes = page.getByRole("listitem").filter({ hasText: /^\w{4}(-\w{4}){3}$/ });
  await expect(codes).toHaveCount(10);
  const recovery = (await codes.first().textContent()) ?? "";
  await page.getByRole("button", { name: words["factor.recovery.kept"] }).click();
  await expect(page.getByText(words["factor.recovery.left.other"].replace("{count}", "10"))).toBeVisible();

  const elsewhere = await arrive();
  await signIn(elsewhere.page, email, password);
  const code = elsewhere.page.getByLabel(words["factor.code"], { exact: true });
  await code.fill("000000");
  await elsewhere.page.getByRole("button", { name: "Entrar", exact: true }).click();
  await expect(elsewhere.page.getByText(words["signin.code.wrong"])).toBeVisible();
  await code.fill(appCode(secret, 1));
  await elsewhere.page.getByRole("button", { name: "Entrar", exact: true }).click();
  await expect(elsewhere.page.getByRole("button", { name: "Nova consulta" })).toBeVisible();

  await page.reload();
  await page.getByRole("button", { name: words["sessions.end_others"] }).click();
  await expect(page.getByText(words["sessions.ended"])).toBeVisible();
  await expect(elsewhere.page.getByRole("heading", { name: words["signin.title"] })).toBeVisible();
  await signIn(elsewhere.page, email, password);
  await elsewhere.page.getByRole("button", { name: words["signin.code.recovery"] }).click();
  await elsewhere.page.getByLabel(words["signin.code.recovery.label"]).fill(recovery);
  await elsewhere.page.getByRole("button", { name: "Entrar", exact: true }).click();
  await expect(elsewhere.page.getByRole("button", { name: "Nova consulta" })).toBeVisible();
});
