/** The system's own Firefox in a house of the network. What it takes to be led through our pages, and no more. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { keepWatch } from "../../e2e/support/watch.ts";
import { Bidi, BidiError } from "./bidi.ts";
import type { House, Network } from "./network.ts";
import type { Camera } from "./people.ts";
import { probe } from "./probe.ts";

const PROGRAMS = ["/usr/lib/firefox-esr/firefox-esr", "/usr/lib/firefox/firefox", "/usr/bin/firefox"];
const LOOK_AGAIN_MS = 50;
const PATIENCE_MS = 30_000;
const VIEWPORT = { width: 900, height: 640 };

/** Devices that are not there, addresses as they are, and nothing that talks to anybody by itself. */
const PREFERENCES: Readonly<Record<string, string | number | boolean>> = {
  "media.navigator.streams.fake": true,
  "media.navigator.permission.disabled": true,
  "media.autoplay.default": 0,
  "media.peerconnection.ice.obfuscate_host_addresses": false,
  "media.gmp-manager.updateEnabled": false,
  "media.gmp-provider.enabled": false,
  "intl.accept_languages": "pt-BR, pt",
  "intl.locale.requested": "pt-BR",
  "app.normandy.enabled": false,
  "app.update.enabled": false,
  "app.update.auto": false,
  "browser.aboutwelcome.enabled": false,
  "browser.newtabpage.enabled": false,
  "browser.region.update.enabled": false,
  "browser.safebrowsing.downloads.enabled": false,
  "browser.safebrowsing.malware.enabled": false,
  "browser.safebrowsing.phishing.enabled": false,
  "browser.search.update": false,
  "browser.shell.checkDefaultBrowser": false,
  "browser.startup.homepage": "about:blank",
  "browser.startup.homepage_override.mstone": "ignore",
  "browser.startup.page": 0,
  "datareporting.healthreport.uploadEnabled": false,
  "datareporting.policy.dataSubmissionEnabled": false,
  "extensions.systemAddon.update.enabled": false,
  "extensions.update.enabled": false,
  "messaging-system.rsexperimentloader.enabled": false,
  "network.captive-portal-service.enabled": false,
  "network.connectivity-service.enabled": false,
  "network.dns.disablePrefetch": true,
  "network.http.http3.enable": false,
  "network.prefetch-next": false,
  "network.trr.mode": 5,
  "services.settings.server": "data:,",
  "toolkit.telemetry.enabled": false,
  "toolkit.telemetry.unified": false,
};

/** Firefox's camera gives any size that is asked for, and a page asks for more than two cores can draw: ours is small. */
function smallCamera({ width, height, fps }: Camera): void {
  const own = MediaDevices.prototype.getUserMedia;
  MediaDevices.prototype.getUserMedia = function (this: MediaDevices, wish?: MediaStreamConstraints) {
    const video = wish?.video && { width, height, frameRate: fps };
    return own.call(this, { ...wish, ...(video && { video }) });
  };
}

/** A profile of its own that believes the laboratory's authority. */
function makeProfile(home: string, authority: string): string {
  const profile = join(home, "firefox");
  mkdirSync(profile, { recursive: true });
  const lines = Object.entries(PREFERENCES).map(
    ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});`,
  );
  writeFileSync(join(profile, "user.js"), `${lines.join("\n")}\n`);
  if (existsSync(join(profile, "cert9.db"))) return profile;
  execFileSync("certutil", ["-d", `sql:${profile}`, "-N", "--empty-password"]);
  execFileSync("certutil", ["-d", `sql:${profile}`, "-A", "-t", "C,,", "-n", "lab", "-i", authority]);
  return profile;
}

interface Node {
  readonly sharedId: string;
}

/** What a page's function came to. */
type Outcome =
  | { readonly type: "success"; readonly result: { readonly value: string } }
  | { readonly type: "exception"; readonly exceptionDetails: { readonly text: string } };

export class Firefox {
  readonly #bidi: Bidi;
  readonly #camera: Camera;

  private constructor(bidi: Bidi, camera: Camera) {
    this.#bidi = bidi;
    this.#camera = camera;
  }

  static async launch(
    network: Network,
    house: House,
    folder: string,
    authority: string,
    camera: Camera,
  ): Promise<Firefox> {
    const home = join(folder, `${house}-firefox`);
    const profile = makeProfile(home, authority);
    const program = process.env.FIREFOX ?? PROGRAMS.find((path) => existsSync(path)) ?? "firefox";
    const words = ["--headless", "--no-remote", "--profile", profile, "--remote-debugging-port", "0"];
    const bidi = await Bidi.start(network.inside(house), [program, ...words], join(home, "firefox.log"), {
      HOME: home,
      MOZ_HEADLESS: "1",
    });
    await bidi.call("session.new", { capabilities: { alwaysMatch: { acceptInsecureCerts: false } } });
    return new Firefox(bidi, camera);
  }

  /** Somebody new before it: a tab with cookies and storage of its own, watched as the others are. */
  async arrive(): Promise<FirefoxPage> {
    const { userContext } = await this.#bidi.call<{ userContext: string }>("browser.createUserContext");
    const created = await this.#bidi.call<{ context: string }>("browsingContext.create", {
      type: "tab",
      userContext,
    });
    const page = new FirefoxPage(this.#bidi, created.context, userContext);
    await page.begin();
    await page.prepare(`() => (${smallCamera})(${JSON.stringify(this.#camera)})`);
    for (const work of [keepWatch, probe]) await page.prepare(String(work));
    return page;
  }

  close(): Promise<void> {
    return this.#bidi.end();
  }
}

export class FirefoxPage {
  readonly #bidi: Bidi;
  readonly #context: string;
  readonly #userContext: string;

  constructor(bidi: Bidi, context: string, userContext: string) {
    this.#bidi = bidi;
    this.#context = context;
    this.#userContext = userContext;
  }

  async begin(): Promise<void> {
    await this.#bidi.call("browsingContext.setViewport", { context: this.#context, viewport: VIEWPORT });
  }

  /** Runs in every document of this tab before anything else of it. */
  async prepare(functionDeclaration: string): Promise<void> {
    await this.#bidi.call("script.addPreloadScript", { functionDeclaration, contexts: [this.#context] });
  }

  async goto(url: string): Promise<void> {
    await this.#bidi.call("browsingContext.navigate", { context: this.#context, url, wait: "interactive" });
  }

  /** Runs `work` in the page, as Playwright does: it sees nothing of here but `given`, and both travel as JSON. */
  async evaluate<R, A>(work: (given: A) => R | Promise<R>, given: A): Promise<Awaited<R>>;
  async evaluate<R>(work: () => R | Promise<R>): Promise<Awaited<R>>;
  async evaluate(work: (given: unknown) => unknown, given: unknown = null): Promise<unknown> {
    const outcome = await this.#bidi.call<Outcome>("script.callFunction", {
      functionDeclaration: `async (given) => JSON.stringify((await (${work})(JSON.parse(given))) ?? null)`,
      arguments: [{ type: "string", value: JSON.stringify(given) }],
      awaitPromise: true,
      target: { context: this.#context },
    });
    if (outcome.type === "exception") throw new Error(outcome.exceptionDetails.text);
    return JSON.parse(outcome.result.value);
  }

  /** Waits for the one thing of that role and name that can be pressed, and presses it. */
  async click(role: string, name: string): Promise<void> {
    const node = await this.see(role, name);
    await this.#tell(node, "(one) => one.scrollIntoView({ block: 'center', behavior: 'instant' })");
    const origin = { type: "element", element: { sharedId: node.sharedId } };
    await this.#bidi.call("input.performActions", {
      context: this.#context,
      actions: [
        {
          type: "pointer",
          id: "mouse",
          actions: [
            { type: "pointerMove", x: 0, y: 0, origin },
            { type: "pointerDown", button: 0 },
            { type: "pointerUp", button: 0 },
          ],
        },
      ],
    });
  }

  /** Waits for what has that role and accessible name, and is not disabled. */
  async see(role: string, name: string): Promise<Node> {
    const deadline = Date.now() + PATIENCE_MS;
    while (Date.now() < deadline) {
      const [node] = await this.#locate(role, name);
      if (node && (await this.#tell(node, "(one) => String(one.disabled !== true)")) === "true") return node;
      await pause(LOOK_AGAIN_MS);
    }
    const text = await this.evaluate(() => `${document.location.href}\n${document.body?.textContent}`);
    throw new Error(`no ${role} "${name}" that can be used on ${text.slice(0, 1_500)}`);
  }

  async leave(): Promise<void> {
    await this.#bidi.call("browser.removeUserContext", { userContext: this.#userContext });
  }

  async #locate(role: string, name: string): Promise<readonly Node[]> {
    try {
      const locator = { type: "accessibility", value: { role, name } };
      const found = { context: this.#context, locator };
      return (await this.#bidi.call<{ nodes: Node[] }>("browsingContext.locateNodes", found)).nodes;
    } catch (error) {
      // The document is being replaced by another one.
      if (error instanceof BidiError && error.code !== "timeout") return [];
      throw error;
    }
  }

  async #tell(node: Node, functionDeclaration: string): Promise<string | undefined> {
    const outcome = await this.#bidi.call<Outcome>("script.callFunction", {
      functionDeclaration,
      arguments: [{ sharedId: node.sharedId }],
      awaitPromise: false,
      target: { context: this.#context },
    });
    return outcome.type === "success" ? outcome.result.value : undefined;
  }
}
