import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const CODE = readFileSync(new URL("../../../public/sw.js", import.meta.url), "utf8");

interface Shown {
  title: string;
  options: { body: string; lang: string; data: { kind: string } };
}

/** The service worker in a browser with these windows. */
function worker(windows: { url: string; visibilityState: string }[] = []) {
  const listeners = new Map<string, (event: unknown) => void>();
  const shown: Shown[] = [];
  const opened: string[] = [];
  const self = {
    addEventListener: (name: string, listener: (event: unknown) => void) => listeners.set(name, listener),
    registration: {
      showNotification: async (title: string, options: Shown["options"]) =>
        void shown.push({ title, options }),
    },
    clients: {
      matchAll: async () =>
        windows.map((one) => ({ ...one, focus: async () => void opened.push(`focus ${one.url}`) })),
      openWindow: async (path: string) => void opened.push(`open ${path}`),
    },
  };
  new Function("self", CODE)(self);
  const say = async (name: string, event: object) => {
    const waits: Promise<unknown>[] = [];
    listeners.get(name)?.({ ...event, waitUntil: (one: Promise<unknown>) => waits.push(one) });
    await Promise.all(waits);
  };
  return {
    shown,
    opened,
    push: (message: unknown) => say("push", { data: { json: () => message } }),
    click: (kind: string) => say("notificationclick", { notification: { close: () => {}, data: { kind } } }),
  };
}

const KINDS = ["arrival", "test", "reminder_24h", "reminder_15m"];

test.each(["pt-BR", "en", "es"])("in %s every kind of message has words of its own", async (lang) => {
  const { push, shown } = worker();
  for (const kind of KINDS) await push({ kind, lang });
  expect(new Set(shown.map(({ title, options }) => `${title} ${options.body}`)).size).toBe(KINDS.length);
  expect(shown.map(({ options }) => options.lang)).toEqual(KINDS.map(() => lang));
});

test("another language is said in the clinic's, another kind not at all", async () => {
  const { push, shown } = worker();
  await push({ kind: "arrival", lang: "tlh" });
  await push({ kind: "advertisement", lang: "en" });
  expect(shown.map(({ title }) => title)).toEqual(["Alguém chegou à sala de espera"]);
});

test.each([
  ["in sight", "https://clinica.example/painel", "visible", 0],
  ["out of sight", "https://clinica.example/painel", "hidden", 1],
  ["not what is open", "https://clinica.example/medico/1", "visible", 1],
])("an arrival while the dashboard is %s", async (_, url, visibilityState, expected) => {
  const { push, shown } = worker([{ url, visibilityState }]);
  await push({ kind: "arrival", lang: "en" });
  expect(shown.length).toBe(expected);
});

test("a press leads to the dashboard, and a reminder's to the start page", async () => {
  const open = worker([{ url: "https://clinica.example/painel", visibilityState: "hidden" }]);
  await open.click("arrival");
  await open.click("reminder_15m");
  expect(open.opened).toEqual(["focus https://clinica.example/painel", "open /"]);
});
