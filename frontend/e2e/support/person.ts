/** One person with a browser of their own, and everything it was seen doing. */
import type { Browser, BrowserContext, BrowserContextOptions, Page, Request } from "@playwright/test";
import { keepWatch, Watch } from "./watch.ts";

export class Person {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly media: Watch;
  /** Every address the browser asked for, sockets included. */
  readonly requests: Request[] = [];
  readonly addresses: string[] = [];
  readonly crashes: string[] = [];
  readonly complaints: string[] = [];

  private constructor(context: BrowserContext, page: Page) {
    this.context = context;
    this.page = page;
    this.media = new Watch(page);
  }

  static async arrive(
    browser: Browser,
    origin: string,
    options: BrowserContextOptions = {},
  ): Promise<Person> {
    const context = await browser.newContext({ baseURL: origin, ...options });
    await context.addInitScript(keepWatch);
    const person = new Person(context, await context.newPage());
    context.on("request", (request) => {
      person.requests.push(request);
      person.addresses.push(request.url());
    });
    context.on("page", (page) => person.#listen(page));
    person.#listen(person.page);
    return person;
  }

  /** A second tab of the same browser. */
  async openTab(): Promise<{ page: Page; media: Watch }> {
    const page = await this.context.newPage();
    return { page, media: new Watch(page) };
  }

  get hosts(): string[] {
    const real = this.addresses.filter((address) => /^(https?|wss?):/.test(address));
    return [...new Set(real.map((address) => new URL(address).host))];
  }

  async leave(): Promise<void> {
    await this.context.close();
  }

  #listen(page: Page): void {
    page.on("pageerror", (error) => this.crashes.push(String(error.stack ?? error)));
    page.on("websocket", (socket) => this.addresses.push(socket.url()));
    page.on("console", (message) => {
      if (message.type() === "error") this.complaints.push(`${message.text()} ${message.location().url}`);
    });
  }
}
