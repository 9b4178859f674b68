/** Calls of the laboratory: ours by the steps that people take, the rival's by opening two pages. */
import { setTimeout as pause } from "node:timers/promises";
import type { Browser, Page } from "@playwright/test";
import { expect } from "@playwright/test";
import type { Person } from "../../e2e/support/person.ts";
import { DOCTOR } from "../../e2e/support/server.ts";
import { admit, endButton, prepare } from "../../e2e/support/steps.ts";
import type { CallDetail, CallSummary, Page as ListOf, RoomOut } from "../../src/api/types.ts";
import { backAfter, changes, PICTURE_GAP_MS, SOUND_GAP_MS } from "./arrivals.ts";
import { arrive } from "./people.ts";
import type { Sample } from "./probe.ts";
import { ORIGIN } from "./site.ts";

/** A page of any browser. */
export interface Looked {
  evaluate<R>(work: (given: number) => R | Promise<R>, given: number): Promise<R>;
}

/** Somebody whose arrivals can be looked at. */
export interface Seen<P extends Looked = Looked> {
  readonly page: P;
}

/** Two who talk: `a` sits behind the link that is tried, `b` elsewhere. */
export interface Pair<P extends Looked = Looked> {
  readonly a: Seen<P>;
  readonly b: Seen;
}

/** The demonstration's doctor unless another address is given. */
export interface Account {
  readonly email?: string;
  readonly password: string;
}

export class Doctor {
  readonly person: Person;
  #token = "";
  #tokenAt = 0;
  readonly #account: Account;

  private constructor(person: Person, account: Account) {
    this.person = person;
    this.#account = account;
  }

  static async arrive(browser: Browser, account: Account): Promise<Doctor> {
    const doctor = new Doctor(await arrive(browser), account);
    await doctor.signIn();
    return doctor;
  }

  async signIn(): Promise<void> {
    await this.person.page.goto("/entrar");
    await this.#renew();
  }

  async call<T>(method: string, path: string, body?: unknown): Promise<T> {
    if (Date.now() - this.#tokenAt > 5 * 60_000) await this.#renew();
    const answer = await this.#fetch(method, path, body, this.#token);
    if (answer.status >= 400) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`);
    return JSON.parse(answer.text) as T;
  }

  /** The record of a room's one call, once it is closed. */
  async record(roomId: string): Promise<CallDetail> {
    let found: CallSummary[] = [];
    await expect
      .poll(async () => {
        const list = await this.call<ListOf<CallSummary>>("GET", "/calls?limit=20");
        found = list.items.filter((call) => call.room_id === roomId);
        return found.map(({ state }) => state);
      })
      .toEqual(["ended"]);
    return this.call<CallDetail>("GET", `/calls/${found[0]?.id}`);
  }

  async #renew(): Promise<void> {
    const answer = await this.#fetch("POST", "/auth/login", {
      email: this.#account.email ?? DOCTOR.email,
      password: this.#account.password,
    });
    this.#token = (JSON.parse(answer.text) as { access_token: string }).access_token;
    this.#tokenAt = Date.now();
  }

  /** By the doctor's own browser: nobody else in the laboratory reaches the server. */
  #fetch(
    method: string,
    path: string,
    body?: unknown,
    token = "",
  ): Promise<{ status: number; text: string }> {
    return this.person.page.evaluate(
      async ({ method, path, body, token }) => {
        const answer = await fetch(`/api${path}`, {
          method,
          headers: {
            "X-Teleconsulta": "1",
            "Content-Type": "application/json",
            ...(token && { Authorization: `Bearer ${token}` }),
          },
          body: body === undefined ? null : JSON.stringify(body),
        });
        return { status: answer.status, text: await answer.text() };
      },
      { method, path, body, token },
    );
  }
}

/** The patient, with a browser of whatever kind. */
export interface Guest<P extends Looked> extends Seen<P> {
  /** From the link to the last step before the waiting room. */
  prepare(link: string): Promise<void>;
  enter(): Promise<void>;
  leave(): Promise<void>;
}

export interface Call<P extends Looked = Page> extends Pair {
  readonly a: Seen<P>;
  readonly b: Seen<Page>;
  readonly room: RoomOut;
  /** From the press on Admitir until picture and sound arrive on both sides, ms. */
  readonly setUpMs: number;
  /** The same from the patient's press on Entrar na consulta, with a doctor who admits at once. */
  readonly joinMs: number;
  leave(): Promise<void>;
}

let count = 0;

/** A consultation of ours, from the link to picture and sound on both sides. */
export async function consult(doctor: Doctor, patients: Browser): Promise<Call> {
  const person = await arrive(patients);
  const { page } = person;
  return consultWith(doctor, {
    page,
    prepare: async (link) => {
      await prepare(page, link);
      await page.getByRole("checkbox", { name: /^Autorizo (?!em nome)/ }).check();
    },
    enter: () => page.getByRole("button", { name: "Entrar na consulta" }).click(),
    leave: () => person.leave(),
  });
}

export async function consultWith<P extends Looked>(doctor: Doctor, guest: Guest<P>): Promise<Call<P>> {
  count += 1;
  const patient = { name: `Ana Souza ${count}`, email: `ana.${count}@exemplo.com.br` };
  const room = await doctor.call<RoomOut>("POST", "/rooms", { patient });
  const link = room.invitations[0]?.link ?? "";
  const { page } = doctor.person;
  await Promise.all([enterRoom(page, room.id), guest.prepare(link)]);
  const entered = Date.now();
  await guest.enter();
  await page.getByRole("button", { name: "Admitir" }).waitFor();
  const pressed = Date.now();
  await admit(doctor.person);
  const arrived = await Promise.all([firstArrival(guest.page, pressed), firstArrival(page, pressed)]);
  return {
    a: guest,
    b: { page },
    room,
    setUpMs: Math.max(...arrived) - pressed,
    joinMs: Math.max(...arrived) - entered,
    leave: () => guest.leave(),
  };
}

async function enterRoom(page: Page, roomId: string): Promise<void> {
  await page.goto(`/medico/${roomId}`);
  const question = page.getByRole("button", { name: "Entrar na consulta" });
  await expect(question.or(endButton(page))).toBeVisible();
  if (await question.isVisible()) await question.click();
  await expect(endButton(page)).toBeVisible();
}

/** The doctor ends it, and the page is ready for the next one. */
export async function end(doctor: Doctor, call: { leave(): Promise<void> }): Promise<void> {
  const { page } = doctor.person;
  await endButton(page).click();
  await page.getByRole("button", { name: "Confirmar" }).click();
  await expect(endButton(page)).toBeHidden();
  await call.leave();
}

/** Its pages now and then miss each other's first offer: set-up is not what it is compared for, so it may try again. */
const RIVAL_TRIES = 3;
const RIVAL_MS = 12_000;

/** Whoever opens one of the rival's pages. */
export interface Visitor<P extends Looked> {
  readonly page: P & { goto(url: string): Promise<unknown> };
  leave(): Promise<void>;
}

/** The rival's call: both pages at once. */
export async function rival<P extends Looked>(
  patient: () => Promise<Visitor<P>>,
  doctors: Browser,
): Promise<Pair<P> & { leave(): Promise<void> }> {
  for (let tries = 1; ; tries++) {
    const people = await Promise.all([patient(), arrive(doctors)]);
    const leave = async () => {
      await Promise.all(people.map((person) => person.leave()));
    };
    try {
      return { ...(await meet(people)), leave };
    } catch (error) {
      await leave();
      if (tries === RIVAL_TRIES) throw error;
    }
  }
}

/** Whether the rival's call comes about: 1, or 0 when none of its tries led to sound and picture. */
export async function comesAbout(begin: () => Promise<{ leave(): Promise<void> }>): Promise<0 | 1> {
  const call = await begin().catch(() => null);
  await call?.leave();
  return call ? 1 : 0;
}

async function meet<P extends Looked>([one, other]: readonly [Visitor<P>, Person]): Promise<Pair<P>> {
  count += 1;
  const began = Date.now();
  await other.page.goto(`${ORIGIN}/naive/?room=${count}&polite=0`);
  await one.page.goto(`${ORIGIN}/naive/?room=${count}&polite=1`);
  await Promise.all([firstArrival(one.page, began, RIVAL_MS), firstArrival(other.page, began, RIVAL_MS)]);
  return { a: { page: one.page }, b: { page: other.page } };
}

/** Behind the worst networks, on a busy machine. */
const ARRIVES_MS = 45_000;
const LOOK_MS = 100;

/** When both a picture and a sound have arrived after `since`. */
async function firstArrival(page: Looked, since: number, within = ARRIVES_MS): Promise<number> {
  for (const deadline = Date.now() + within; Date.now() < deadline; await pause(LOOK_MS)) {
    const arrived = ({ packets, frames }: Sample) => packets > 0 && frames > 0;
    const first = (await samples({ page }, since)).find(arrived);
    if (first) return first.at;
  }
  throw new Error(`picture and sound did not arrive within ${within / 1_000} s`);
}

export async function samples({ page }: Seen, since: number): Promise<Sample[]> {
  return page.evaluate((since) => window.samples.filter(({ at }) => at >= since), since);
}

export async function shown({ page }: Seen, since: number): Promise<number[]> {
  return page.evaluate((since) => window.shown.filter((at) => at >= since), since);
}

/** When sound and pictures were steady again on the slower side after `event`, s. */
export async function back(pair: Pair, event: number): Promise<{ sound: number; picture: number }> {
  const until = Date.now() - 200;
  const sides = await Promise.all(
    [pair.a, pair.b].map(async (side) => {
      const seen = await samples(side, event - 2_000);
      const sounds = changes(seen, ({ packets }) => packets);
      const pictures = changes(seen, ({ frames }) => frames);
      return {
        sound: backAfter(sounds, event, until, SOUND_GAP_MS),
        picture: backAfter(pictures, event, until, PICTURE_GAP_MS),
      };
    }),
  );
  return {
    sound: Math.max(...sides.map(({ sound }) => sound)) / 1_000,
    picture: Math.max(...sides.map(({ picture }) => picture)) / 1_000,
  };
}
