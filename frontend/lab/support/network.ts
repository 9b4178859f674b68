/** The laboratory's networks, by the program that makes them. */
import { type ChildProcess, spawn } from "node:child_process";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";

export const ROOT = resolve(import.meta.dirname, "../../..");
export const LAB = join(ROOT, "infra/lab");

/** `a` is Alice's Wi-Fi, `b` Bob's network, `c` Alice's 4G. */
export type Site = "a" | "b" | "c";
export type Nat = "cone" | "symmetric";
export type Firewall = "open" | "no_udp" | "only_443";
export type House = "alice" | "bob" | "srv";

/** Loss in percent, times in ms, rates in kbit/s; what is not named stays as it is. */
export interface Impairment {
  loss?: number;
  burst?: number;
  delay?: number;
  jitter?: number;
  rate?: number;
  queue?: number;
  off?: 0 | 1;
}

interface Answer {
  /** Unix time in s, at the end of what was asked for. */
  readonly at: number;
  readonly gone?: number;
  readonly links?: Record<string, Record<"up" | "down", Record<string, [packets: number, bytes: number]>>>;
  readonly error?: string;
}

export class Network {
  readonly #prefix: string;
  readonly #process: ChildProcess;
  readonly #answers: AsyncIterator<string>;
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(prefix: string, process: ChildProcess, answers: AsyncIterator<string>) {
    this.#prefix = prefix;
    this.#process = process;
    this.#answers = answers;
  }

  static async make(prefix = process.env.LAB_PREFIX ?? "tcl"): Promise<Network> {
    const child = spawn("python3", [join(LAB, "network.py"), prefix], { stdio: ["pipe", "pipe", "inherit"] });
    const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const { value } = await answers.next();
    if (value !== "ready") throw new Error("the laboratory's networks could not be made");
    return new Network(prefix, child, answers);
  }

  /** Words before a command that shall run in a house of this network. */
  inside(house: House): string[] {
    return ["ip", "netns", "exec", this.namespace(house)];
  }

  namespace(house: House): string {
    return this.#prefix + house;
  }

  /** Asks for one thing; one after another. Resolves when it has happened, with the moment in ms of the Unix clock. */
  async do(what: string, how: Record<string, unknown> = {}): Promise<Answer> {
    const turn = this.#turn.then(async () => {
      this.#process.stdin?.write(`${JSON.stringify({ do: what, ...how })}\n`);
      const { value } = await this.#answers.next();
      if (!value) throw new Error(`the networks are gone (${what})`);
      const answer = JSON.parse(value) as Answer;
      if (answer.error) throw new Error(`${what}: ${answer.error}`);
      return { ...answer, at: answer.at * 1_000, ...(answer.gone && { gone: answer.gone * 1_000 }) };
    });
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  nat(site: Site, kind: Nat): Promise<Answer> {
    return this.do("nat", { site, kind });
  }

  firewall(site: Site, kind: Firewall): Promise<Answer> {
    return this.do("firewall", { site, kind });
  }

  impair(site: Site, set: Impairment, way: "up" | "down" | "both" = "both"): Promise<Answer> {
    return this.do("link", { link: site, way, set });
  }

  home(): Promise<Answer> {
    return this.do("home");
  }

  async remove(): Promise<void> {
    const gone = new Promise((done) => this.#process.once("exit", done));
    this.#process.stdin?.end();
    await gone;
  }
}
