/** Whether packets that came steadily have stopped because the way is gone. Pure. */

/** How many looks in a row must have shown new packets before silence means anything. */
const STEADY_LOOKS = 4;
/** A check this long after the last packet was answered over a living way; an earlier one may have been under way. */
const ALIVE_MS = 700;
/** Sound without voice comes every 400 ms where pauses are not sent: rarer than this is not steady. */
const RARE_MS = 700;

export interface Flow {
  readonly packets: number | null;
  readonly checks: number | null;
  readonly steady: number;
  readonly lastArrival: number;
}

export const NO_FLOW: Flow = { packets: null, checks: null, steady: 0, lastArrival: 0 };

/**
 * One look at the counters of received packets and of connectivity checks. A *changed* counter is progress: after a
 * rollback browsers count from 0 again. `steady` survives silence, so that the silence can be measured; but checks that
 * go on through it prove that the way is there, and only the sender has stopped (a microphone pulled out).
 */
export function observe(flow: Flow, packets: number | null, checks: number | null, now: number): Flow {
  if (packets === null) return NO_FLOW;
  if (flow.packets === null) return { packets, checks, steady: 0, lastArrival: now };
  if (packets !== flow.packets) {
    return { packets, checks, steady: Math.min(STEADY_LOOKS, flow.steady + 1), lastArrival: now };
  }
  const alive = checks !== flow.checks && now - flow.lastArrival >= ALIVE_MS;
  const rare = flow.steady < STEADY_LOOKS && now - flow.lastArrival > RARE_MS;
  return { ...flow, checks, steady: alive || rare ? 0 : flow.steady };
}

/** Silence of a steady flow, ms; null when the flow never was steady (they send nothing, or we do not know yet). */
export function silence(flow: Flow, now: number): number | null {
  return flow.steady < STEADY_LOOKS ? null : now - flow.lastArrival;
}
