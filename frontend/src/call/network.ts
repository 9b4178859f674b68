/** Whether the way to the server really works, and when the device's network changes. */

import type { Media } from "../rtc/types";
import type { SignalingPort } from "../signaling/port";

const SIGN_OF_LIFE_MS = 1_000;
/** Where the device has lost an address, the line was most likely its. */
const HASTY_SIGN_MS = 600;
/** A line that spoke so recently need not be asked. */
const STILL_WARM_MS = 800;

/**
 * Asks the server for a sign of life, once for all who ask at a time. A restart offer that goes into a dead socket is
 * lost for many seconds: so a line that does not answer within a second is dropped and made anew, and the answer is
 * false. It has less time when it is asked `hastily`, because the device's address has gone: Firefox tells no page that
 * the network is another one, and leaves old sockets waiting. What is asked repeats what the server knows already, so
 * nobody else hears of it.
 */
export function signOfLife(port: SignalingPort, media: () => Media): (hastily?: boolean) => Promise<boolean> {
  let pending: Promise<boolean> | null = null;
  let heardAt = Number.NEGATIVE_INFINITY;
  port.state.subscribe(() => {
    heardAt = port.state.get().is === "online" ? performance.now() : Number.NEGATIVE_INFINITY;
  });
  const ask = async (hastily: boolean) => {
    const answer = await port.send("media_state", media(), hastily ? HASTY_SIGN_MS : SIGN_OF_LIFE_MS);
    pending = null;
    const silent = !answer.ok && (answer.code === "timeout" || answer.code === "offline");
    if (!silent) heardAt = performance.now();
    else if (answer.code === "timeout") port.reset();
    return port.state.get().is === "online" && !silent;
  };
  return (hastily = false) => {
    if (port.state.get().is !== "online") return Promise.resolve(false);
    if (performance.now() - heardAt < STILL_WARM_MS) return Promise.resolve(true);
    pending ??= ask(hastily);
    return pending;
  };
}

/** Calls `listener` when the browser says that the network is another one, or back. Returns how to stop that. */
export function onNetworkChange(listener: () => void): () => void {
  const { navigator } = globalThis as { navigator?: { readonly connection?: EventTarget } };
  const connection = navigator?.connection;
  globalThis.addEventListener?.("online", listener);
  connection?.addEventListener?.("change", listener);
  return () => {
    globalThis.removeEventListener?.("online", listener);
    connection?.removeEventListener?.("change", listener);
  };
}
