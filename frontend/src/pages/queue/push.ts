/** Web Push in this browser: whether it can, whether it does, and switching it. Nothing here knows React. */
import type { PushSubscribe } from "../../api/types";
import type { Language } from "../../i18n";

/** `denied`: the person, or the browser, has said no; only its own settings can change that. */
export type PushState = "unsupported" | "denied" | "off" | "on";

interface Policy {
  createPolicy(
    name: string,
    rules: { createScriptURL(url: string): string },
  ): { createScriptURL(url: string): string };
}

/** Our own worker's address, in the form that a page with Trusted Types wants it. */
function workerUrl(): string {
  const types = (globalThis as { trustedTypes?: Policy }).trustedTypes;
  const url = "/sw.js";
  return types
    ? types.createPolicy("teleconsulta-worker", { createScriptURL: () => url }).createScriptURL(url)
    : url;
}

export const canPush = () =>
  "serviceWorker" in navigator && "PushManager" in globalThis && "Notification" in globalThis;

export async function pushState(): Promise<PushState> {
  if (!canPush()) return "unsupported";
  if (Notification.permission === "denied") return "denied";
  const worker = await navigator.serviceWorker.getRegistration("/");
  return (await worker?.pushManager.getSubscription()) ? "on" : "off";
}

/** Asks the person, subscribes, and hands the subscription to `keep`. Call it from a press. */
export async function turnOn(
  serverKey: string,
  language: Language,
  keep: (subscription: PushSubscribe) => Promise<unknown>,
): Promise<PushState> {
  if (!canPush()) return "unsupported";
  if ((await Notification.requestPermission()) !== "granted") return "denied";
  await navigator.serviceWorker.register(workerUrl(), { scope: "/" });
  const { pushManager } = await navigator.serviceWorker.ready;
  const standing = await pushManager.getSubscription();
  // Made for another key of the server: it would take no message of this one.
  if (standing && keyOf(standing) !== serverKey) await standing.unsubscribe();
  const subscription = await pushManager.subscribe({
    userVisibleOnly: true,
    applicationServerKey: serverKey,
  });
  const { endpoint, keys } = subscription.toJSON();
  if (!endpoint || !keys?.p256dh || !keys.auth) return "unsupported";
  await keep({ endpoint, keys: { p256dh: keys.p256dh, auth: keys.auth }, language });
  return "on";
}

/** Tells `forget` which browser it was, and lets the push service forget it too. */
export async function turnOff(forget: (endpoint: string) => Promise<unknown>): Promise<PushState> {
  const worker = await navigator.serviceWorker.getRegistration("/");
  const subscription = await worker?.pushManager.getSubscription();
  if (subscription) {
    await forget(subscription.endpoint);
    await subscription.unsubscribe();
  }
  return pushState();
}

function keyOf({ options }: PushSubscription): string {
  const raw = new Uint8Array(options.applicationServerKey ?? new ArrayBuffer(0));
  return base64url(raw);
}

export function base64url(raw: Uint8Array): string {
  return btoa(String.fromCharCode(...raw))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");
}
