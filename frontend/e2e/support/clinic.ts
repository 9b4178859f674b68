/** The clinic's side by REST, for everything a test does not talk about. */
import { expect } from "@playwright/test";
import type {
  CallDetail,
  CallSummary,
  DemoOut,
  InvitationOut,
  Page,
  RoomCreate,
  RoomOut,
  TokenOut,
} from "../../src/api/types";
import { ADMIN, DOCTOR, type Server } from "./server.ts";

const TOKEN_MS = 5 * 60_000;

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

let count = 0;

/** A name that no other test uses, so that a record can be found by it. */
export function someone(name: string): { name: string; email: string } {
  count += 1;
  return {
    name: `${name} ${count}`,
    email: `${name.toLowerCase().replace(/\W+/g, ".")}.${count}@exemplo.com.br`,
  };
}

export interface Consultation {
  room: RoomOut;
  invitation: InvitationOut;
  link: string;
  patient: { name: string; email: string };
}

export class Clinic {
  readonly #server: Server;
  readonly #tokens = new Map<string, { token: string; at: number }>();

  constructor(server: Server) {
    this.#server = server;
  }

  /** An instant consultation with a patient of its own, unless `wish` says something else. */
  async consultation(wish: Partial<RoomCreate> = {}, patient = someone("Ana Souza")): Promise<Consultation> {
    const room = await this.as<RoomOut>(DOCTOR.email, "POST", "/rooms", { patient, ...wish });
    const [invitation] = room.invitations;
    if (!invitation?.link) throw new Error("the room has no invitation with a link");
    return { room, invitation, link: invitation.link, patient };
  }

  room(id: string): Promise<RoomOut> {
    return this.doctor<RoomOut>("GET", `/rooms/${id}`);
  }

  /** The calls of a room, newest first. */
  async callsOf(room: { id: string }): Promise<CallSummary[]> {
    const page = await this.doctor<Page<CallSummary>>("GET", "/calls?limit=100");
    return page.items.filter((call) => call.room_id === room.id);
  }

  /** The room's one call, once it has the wished state. */
  async callOf(room: { id: string }, state: CallSummary["state"]): Promise<CallDetail> {
    await expect
      .poll(async () => (await this.callsOf(room)).map((call) => call.state), {
        message: "one call in the record",
      })
      .toEqual([state]);
    const [call] = await this.callsOf(room);
    return this.doctor<CallDetail>("GET", `/calls/${call?.id}`);
  }

  /** The link in the newest e-mail to `address`. */
  async mailedLink(address: string): Promise<string> {
    let link: string | null = null;
    await expect
      .poll(
        async () => {
          const { outbox } = await this.#call<DemoOut>("GET", "/demo");
          link = outbox.find((mail) => mail.to.includes(address))?.link ?? null;
          return link;
        },
        { message: "the invitation is in the outbox" },
      )
      .not.toBeNull();
    return link ?? "";
  }

  doctor<T>(method: Method, path: string, body?: unknown): Promise<T> {
    return this.as<T>(DOCTOR.email, method, path, body);
  }

  admin<T>(method: Method, path: string, body?: unknown): Promise<T> {
    return this.as<T>(ADMIN.email, method, path, body);
  }

  async as<T>(email: string, method: Method, path: string, body?: unknown): Promise<T> {
    return this.#call<T>(method, path, body, await this.#token(email));
  }

  async #token(email: string): Promise<string> {
    const known = this.#tokens.get(email);
    if (known && Date.now() - known.at < TOKEN_MS) return known.token;
    const answer = await this.#call<TokenOut>("POST", "/auth/login", {
      email,
      password: this.#server.password,
    });
    this.#tokens.set(email, { token: answer.access_token, at: Date.now() });
    return answer.access_token;
  }

  async #call<T>(method: Method, path: string, body?: unknown, token?: string): Promise<T> {
    const headers: Record<string, string> = { "X-Teleconsulta": "1" };
    if (token) headers.Authorization = `Bearer ${token}`;
    if (body !== undefined) headers["Content-Type"] = "application/json";
    const answer = await fetch(`${this.#server.origin}/api${path}`, {
      method,
      headers,
      body: body === undefined ? null : JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${await answer.text()}`);
    return (answer.status === 204 ? undefined : await answer.json()) as T;
  }
}
