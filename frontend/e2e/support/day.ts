/** A server whose clock a test moves across days, the letters that it sends by SMTP, and its Web Push. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "@playwright/test";
import { PushService } from "./push-service.ts";
import { freePort, Server } from "./server.ts";

export interface Letter {
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  /** The .ics that came with it. */
  readonly calendar: string | null;
}

export class Day {
  readonly server: Server;
  readonly push: PushService;
  readonly #folder: string;

  private constructor(server: Server, push: PushService, folder: string) {
    this.server = server;
    this.push = push;
    this.#folder = folder;
  }

  /** Starts where the machine's own clock is (backend/tests/day.py). */
  static async begin(): Promise<Day> {
    const folder = mkdtempSync(join(tmpdir(), "teleconsulta-day-"));
    writeFileSync(join(folder, "ahead"), "0");
    const env = { DAY: folder, DAY_SMTP_PORT: String(await freePort()), PUSH_ALLOW_LOOPBACK: "1" };
    const server = await Server.launch({ command: ["tests.day"], env });
    return new Day(server, await PushService.begin(), folder);
  }

  async end(): Promise<void> {
    await this.server.remove();
    await this.push.end();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** The server's clock is at `moment` now, and goes on from there. */
  moveTo(moment: Date): void {
    writeFileSync(join(this.#folder, "ahead"), String((moment.getTime() - Date.now()) / 1000));
  }

  /** The letter that came as number `count`, counted from 1; waits for it. */
  async letter(count: number): Promise<Letter> {
    const file = this.#file(count);
    await expect.poll(() => existsSync(file), { message: `letter ${count} came by SMTP` }).toBe(true);
    return JSON.parse(readFileSync(file, "utf8")) as Letter;
  }

  /** Whether that many letters came, or more. */
  has(count: number): boolean {
    return existsSync(this.#file(count));
  }

  #file(count: number): string {
    return join(this.#folder, `letter-${count}.json`);
  }
}

/** The personal link in a letter. */
export function linkIn({ text }: Letter): string {
  const link = /https?:\/\/\S+\/paciente\/\S+/.exec(text)?.[0];
  if (!link) throw new Error(`no personal link in:\n${text}`);
  return link;
}
