/** A push service on this machine, and browsers that read what comes to them: RFC 8291 from the reader's side. */
import { createDecipheriv, createECDH, type ECDH, hkdfSync, randomBytes } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "@playwright/test";
import type { Person } from "./person.ts";

/** What the service worker gets to read. */
export interface Message {
  readonly kind: string;
  readonly lang: string;
}

const TAG_BYTES = 16;

/** The message in a body of one record. Throws when it is not for this reader, or not whole. */
function read(body: Buffer, key: ECDH, auth: Buffer): Message {
  const salt = body.subarray(0, 16);
  const sender = body.subarray(21, 86);
  const sealed = body.subarray(86);
  const derived = (secret: Buffer, by: Buffer, info: Buffer | string, length: number) =>
    Buffer.from(hkdfSync("sha256", secret, by, info, length));
  const info = Buffer.concat([Buffer.from("WebPush: info\0"), key.getPublicKey(), sender]);
  const secret = derived(key.computeSecret(sender), auth, info, 32);
  const cipher = createDecipheriv(
    "aes-128-gcm",
    derived(secret, salt, "Content-Encoding: aes128gcm\0", 16),
    derived(secret, salt, "Content-Encoding: nonce\0", 12),
  );
  cipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  const plain = Buffer.concat([cipher.update(sealed.subarray(0, -TAG_BYTES)), cipher.final()]);
  return JSON.parse(plain.subarray(0, plain.lastIndexOf(2)).toString()) as Message;
}

export class PushService {
  readonly #server: Server;
  readonly #read = new Map<string, Message[]>();
  readonly #keys = new Map<string, { readonly key: ECDH; readonly auth: Buffer }>();

  private constructor(server: Server) {
    this.#server = server;
  }

  static async begin(): Promise<PushService> {
    const server = createServer((request, answer) => {
      const parts: Buffer[] = [];
      request.on("data", (part: Buffer) => parts.push(part));
      request.on("end", () => answer.writeHead(service.#take(request.url ?? "", Buffer.concat(parts))).end());
    });
    const service = new PushService(server);
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    return service;
  }

  async end(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }

  /** From now on this person's browser subscribes here: Chromium's own service is not within reach. Before their first page. */
  async serve(who: string, person: Person): Promise<void> {
    const key = createECDH("prime256v1");
    const [p256dh, auth] = [key.generateKeys(), randomBytes(16)];
    this.#keys.set(who, { key, auth });
    const { port } = this.#server.address() as AddressInfo;
    const endpoint = `http://127.0.0.1:${port}/${who}`;
    const keys = { p256dh: p256dh.toString("base64url"), auth: auth.toString("base64url") };
    await person.context.grantPermissions(["notifications"]);
    await person.context.addInitScript(
      (given) => {
        let subscription: PushSubscription | null = null;
        PushManager.prototype.getSubscription = async () => subscription;
        PushManager.prototype.subscribe = async () => {
          subscription = { endpoint: given.endpoint, toJSON: () => given } as unknown as PushSubscription;
          return subscription;
        };
      },
      { endpoint, keys },
    );
  }

  /** The message that came to them as number `count`, counted from 1; waits for it. */
  async message(who: string, count: number): Promise<Message | undefined> {
    const got = () => this.#read.get(who) ?? [];
    await expect
      .poll(() => got().length, { message: `push ${count} to ${who}` })
      .toBeGreaterThanOrEqual(count);
    return got()[count - 1];
  }

  #take(url: string, body: Buffer): number {
    const who = url.slice(1);
    const reader = this.#keys.get(who);
    if (!reader) return 410;
    this.#read.set(who, [...(this.#read.get(who) ?? []), read(body, reader.key, reader.auth)]);
    return 201;
  }
}
