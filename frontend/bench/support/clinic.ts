/** Our own app as doctor and patient use it: by the names on the screen, prepared by REST. */
import type { APIRequestContext, Browser, BrowserContext, Page } from "@playwright/test";
import { patientEnters } from "../../e2e/support/steps.ts";
import type { RoomOut, TokenOut } from "../../src/api/types";
import { arrive, brief } from "./bench.ts";
import { firstPicture } from "./probe.ts";

const DOCTOR = "medica@demo.local";
const HEADERS = { "X-Teleconsulta": "1" };

async function post<T>(request: APIRequestContext, path: string, data: unknown, token?: string): Promise<T> {
  const headers = token ? { ...HEADERS, Authorization: `Bearer ${token}` } : HEADERS;
  const answer = await request.post(`/api${path}`, { data, headers });
  if (!answer.ok()) throw new Error(`POST ${path} was answered ${answer.status()}: ${await answer.text()}`);
  return (await answer.json()) as T;
}

export class Doctor {
  readonly context: BrowserContext;
  readonly page: Page;

  private constructor(context: BrowserContext, page: Page) {
    this.context = context;
    this.page = page;
  }

  /** Signed in, on no page yet. */
  static async arrive(browser: Browser): Promise<Doctor> {
    const { context, page } = await arrive(browser, "ours");
    return new Doctor(context, page);
  }

  /** A new consultation; the patient's link. The session's cookie stays with the browser. */
  async invite(): Promise<{ roomId: string; link: string }> {
    const { access_token: token } = await post<TokenOut>(this.context.request, "/auth/login", {
      email: DOCTOR,
      password: brief.password,
    });
    const wish = { patient: { name: "Paciente de Medida", email: null } };
    const room = await post<RoomOut>(this.context.request, "/rooms", wish, token);
    const link = room.invitations[0]?.link;
    if (!link) throw new Error("the room has no link");
    const { pathname, hash } = new URL(link);
    return { roomId: room.id, link: `${pathname}${hash}` };
  }

  /** Into the room, with devices open. */
  async enter(roomId: string): Promise<void> {
    await this.page.goto(`/medico/${roomId}`);
    // Who has touched this site before is not asked again.
    const lobby = this.page.getByRole("button", { name: "Entrar na consulta" });
    await lobby.or(endButton(this.page)).waitFor();
    if (await lobby.isVisible()) await lobby.click();
    await endButton(this.page).waitFor();
    await ownPicture(this.page);
  }

  /** Ends the consultation for everybody. */
  async end(): Promise<void> {
    await endConsultation(this.page);
  }
}

export const endButton = (page: Page) => page.getByRole("button", { name: "Encerrar consulta" });

export async function endConsultation(page: Page): Promise<void> {
  await endButton(page).click();
  await page.getByRole("button", { name: "Confirmar" }).click();
  await page.locator("[data-stage]").waitFor({ state: "detached" });
}

/** The own camera is on and shown. */
export async function ownPicture(page: Page): Promise<void> {
  await page.waitForFunction(
    () =>
      [...document.querySelectorAll("video[data-participant=local]")].some(
        (video) => (video as HTMLVideoElement).videoWidth > 0,
      ),
    undefined,
    { polling: 50 },
  );
}

/** A patient in the waiting room, and the doctor who sees them there. */
export async function waitingPatient(browser: Browser, doctor: Doctor) {
  const { roomId, link } = await doctor.invite();
  await doctor.enter(roomId);
  const patient = await arrive(browser, "ours");
  await patientEnters(patient.page, link);
  await admitButton(doctor.page).waitFor();
  return patient;
}

export const admitButton = (page: Page) => page.getByRole("button", { name: "Admitir" });

/** Two people who see each other. */
export async function meet(browser: Browser, doctor: Doctor) {
  const patient = await waitingPatient(browser, doctor);
  await admitButton(doctor.page).click();
  await Promise.all([firstPicture(doctor.page), firstPicture(patient.page)]);
  return patient;
}
