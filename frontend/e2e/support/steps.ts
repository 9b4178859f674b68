/** The steps people take, as they take them: by the names on the screen. */
import { expect, type Page } from "@playwright/test";
import { ptBR } from "../../src/i18n/pt-BR/index.ts";
import type { Clinic, Consultation } from "./clinic.ts";
import type { Person } from "./person.ts";
import { DOCTOR, type Server } from "./server.ts";

/** Signs in by the form. */
export async function signIn(page: Page, server: Server, email = DOCTOR.email): Promise<void> {
  await page.goto("/entrar");
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Senha").fill(server.password);
  await page.getByRole("button", { name: "Entrar", exact: true }).click();
  await expect(page).toHaveURL(/\/(painel|admin)$/);
}

/** Gives the browser a staff session without the form. */
export async function haveSession(person: Person, server: Server, email = DOCTOR.email): Promise<void> {
  const answer = await person.context.request.post("/api/auth/login", {
    data: { email, password: server.password },
    headers: { "X-Teleconsulta": "1" },
  });
  expect(answer.status()).toBe(200);
}

/** The doctor goes straight into a room. */
export async function doctorEnters(doctor: Person, server: Server, { room }: Consultation): Promise<void> {
  await haveSession(doctor, server);
  await doctor.page.goto(`/medico/${room.id}`);
  // The driver's looks count as touches, so the page may be past its question before it is seen.
  const question = doctor.page.getByRole("button", { name: "Entrar na consulta" });
  await expect(question.or(endButton(doctor.page))).toBeVisible();
  if (await question.isVisible()) await question.click();
  await expect(endButton(doctor.page)).toBeVisible();
}

/** From the link to the last step before the waiting room. */
export async function prepare(page: Page, link: string): Promise<void> {
  await page.goto(link);
  await page.getByRole("button", { name: "Continuar" }).click();
  await expect(page.getByRole("button", { name: "Entrar na consulta" })).toBeVisible();
}

/** From the last step into the waiting room. */
export async function comeIn(page: Page, patience: { timeout?: number } = {}): Promise<void> {
  await page.getByRole("checkbox", { name: /^Autorizo (?!em nome)/ }).check();
  await page.getByRole("button", { name: "Entrar na consulta" }).click();
  await expect(page.getByRole("heading", { name: ptBR["waiting.title"] })).toBeVisible(patience);
}

export async function patientEnters(page: Page, link: string): Promise<void> {
  await prepare(page, link);
  await comeIn(page);
}

export async function admit(doctor: Person): Promise<void> {
  await doctor.page.getByRole("button", { name: "Admitir" }).click();
}

/** Two people in a consultation who see and hear each other. */
export async function meet(
  doctor: Person,
  patient: Person,
  server: Server,
  clinic: Clinic,
): Promise<Consultation> {
  const consultation = await clinic.consultation();
  await Promise.all([
    doctorEnters(doctor, server, consultation),
    patientEnters(patient.page, consultation.link),
  ]);
  await admit(doctor);
  await Promise.all([doctor.media.receives(), patient.media.receives()]);
  return consultation;
}

export const endButton = (page: Page) => page.getByRole("button", { name: "Encerrar consulta" });

export async function endConsultation(doctor: Person): Promise<void> {
  await endButton(doctor.page).click();
  await doctor.page.getByRole("button", { name: "Confirmar" }).click();
}

export const farewell = (page: Page) => page.getByRole("heading", { name: ptBR["farewell.ended"] });

export async function say(page: Page, text: string): Promise<void> {
  const message = page.getByRole("textbox", { name: "Mensagem" });
  if (!(await message.isVisible())) await page.getByRole("button", { name: "Chat", exact: true }).click();
  await message.fill(text);
  await page.getByRole("button", { name: "Enviar", exact: true }).click();
}

/** A line of the chat that holds `text`, with the panel opened if need be. */
export async function line(page: Page, text: string) {
  const log = page.getByRole("log", { name: "Chat" });
  if (!(await log.isVisible())) await page.getByRole("button", { name: "Chat", exact: true }).click();
  return log.getByRole("listitem").filter({ hasText: text });
}

/** The call's state, in words. */
export const status = (page: Page) => page.getByRole("status").first();
