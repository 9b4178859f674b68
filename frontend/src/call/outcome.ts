/** The last thing to tell the server, even if it is away just then. */

import type { SignalingPort } from "../signaling/port";
import type { ClientEvents, RefusalCode } from "../signaling/protocol";
import type { ActionResult, EndCause } from "./types";

const RECORD_WAIT_MS = 30_000;
const AGAIN_MS = 2_000;
const PASSING = ["offline", "timeout", "unavailable", "rate_limited"];

/** What may have happened while the line was away, as the next connect is told. */
export const WHILE_AWAY: Partial<Record<RefusalCode, EndCause | "taken_over">> = {
  seat_taken: "taken_over",
  room_closed: "room_closed",
};

/** Tries until the server has it, at most half a minute; then the last code says why not. */
export async function recordEnd(
  port: SignalingPort,
  payload: ClientEvents["call_end"],
): Promise<ActionResult> {
  const until = performance.now() + RECORD_WAIT_MS;
  for (;;) {
    const answer = await port.send("call_end", payload);
    const passing = !answer.ok && PASSING.includes(answer.code);
    if (!passing || performance.now() >= until) return answer;
    await whenOnline(port, true, Math.min(AGAIN_MS, until - performance.now()));
  }
}

/** Resolves when the line turns online or turns away from it, or after `mostMs`. */
function whenOnline(port: SignalingPort, wanted: boolean, mostMs: number): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      stop();
      resolve();
    };
    const timer = setTimeout(done, Math.max(0, mostMs));
    const stop = port.state.subscribe(() => (port.state.get().is === "online") === wanted && done());
  });
}

const PUT_OUT_MS = 1_000;

/**
 * The server puts out whoever took their authorisation back: a word of ours would only make it look like leaving. Once it
 * has, the line is not to come back by itself: somebody who agrees anew would find their seat taken, by this very page.
 */
export async function putOut(port: SignalingPort): Promise<ActionResult> {
  if (port.state.get().is === "online") await whenOnline(port, false, PUT_OUT_MS);
  return { ok: true };
}
