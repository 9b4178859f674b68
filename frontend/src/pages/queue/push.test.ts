import { afterEach, expect, test, vi } from "vitest";
import { base64url, pushState, turnOff, turnOn } from "./push";

afterEach(() => vi.unstubAllGlobals());

interface Options {
  permission?: NotificationPermission;
  /** The server's key that a standing subscription was made for. */
  standing?: string | null;
}

/** A browser with a push manager; what it was asked for is in `asked`. */
function browser({ permission = "granted", standing = null }: Options = {}) {
  const asked: string[] = [];
  const made = (key: string) => ({
    endpoint: "https://push.example/abc",
    options: { applicationServerKey: Uint8Array.from(Buffer.from(key, "base64url")).buffer },
    toJSON: () => ({ endpoint: "https://push.example/abc", keys: { p256dh: "P", auth: "A" } }),
    unsubscribe: async () => {
      asked.push("unsubscribe");
      current = null;
    },
  });
  let current = standing ? made(standing) : null;
  const registration = {
    pushManager: {
      getSubscription: async () => current,
      subscribe: async ({ applicationServerKey }: { applicationServerKey: string }) => {
        asked.push(`subscribe ${applicationServerKey}`);
        current ??= made(applicationServerKey);
        return current;
      },
    },
  };
  vi.stubGlobal("PushManager", class {});
  vi.stubGlobal("Notification", { permission, requestPermission: async () => permission });
  vi.stubGlobal("navigator", {
    serviceWorker: {
      ready: Promise.resolve(registration),
      register: async (url: string) => void asked.push(`register ${url}`),
      getRegistration: async () => registration,
    },
  });
  return asked;
}

const KEY = "AQID";

test("a browser without it is left alone", async () => {
  vi.stubGlobal("navigator", {});
  expect([await pushState(), await turnOn(KEY, "en", async () => undefined)]).toEqual([
    "unsupported",
    "unsupported",
  ]);
});

test("a no is a no", async () => {
  const asked = browser({ permission: "denied" });
  expect([await pushState(), await turnOn(KEY, "en", async () => undefined)]).toEqual(["denied", "denied"]);
  expect(asked).toEqual([]);
});

test("a yes is handed to the server with the language", async () => {
  const asked = browser();
  const kept: unknown[] = [];
  expect(await pushState()).toBe("off");
  expect(await turnOn(KEY, "es", async (one) => kept.push(one))).toBe("on");
  expect(asked).toEqual(["register /sw.js", `subscribe ${KEY}`]);
  expect(kept).toEqual([
    { endpoint: "https://push.example/abc", keys: { p256dh: "P", auth: "A" }, language: "es" },
  ]);
});

test.each([
  ["of this key is kept", KEY, []],
  ["of another key is made anew", "BBBB", ["unsubscribe"]],
])("a subscription %s", async (_, standing, expected) => {
  const asked = browser({ standing });
  await turnOn(KEY, "en", async () => undefined);
  expect(asked.filter((one) => one === "unsubscribe")).toEqual(expected);
});

test("switching off tells the server first", async () => {
  const asked = browser({ standing: KEY });
  const forgotten: string[] = [];
  expect(await turnOff(async (endpoint) => forgotten.push(endpoint))).toBe("off");
  expect([forgotten, asked]).toEqual([["https://push.example/abc"], ["unsubscribe"]]);
});

test("keys are written as the server writes them", () => {
  expect(base64url(Uint8Array.from([251, 255, 254]))).toBe("-__-");
});
