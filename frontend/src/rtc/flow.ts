/** Whether packets that came steadily have stopped. Pure. */

/** How many looks in a row must have shown new packets before silence means anything. */
const STEADY_LOOKS = 4;

export interface Flow {
  readonly packets: number | null;
  readonly steady: number;
  readonly lastArrival: number;
}

export const NO_FLOW: Flow = { packets: null, steady: 0, lastArrival: 0 };

/**
 * One look at the counter of received packets. A *changed* counter is progress: after a rollback browsers count from 0
 * again. `steady` survives silence, so that the silence itself can be measured.
 */
export function observe(flow: Flow, packets: number | null, now: number): Flow {
  if (packets === null) return NO_FLOW;
  if (flow.packets === null) return { packets, steady: 0, lastArrival: now };
  if (packets !== flow.packets) {
    return { packets, steady: Math.min(STEADY_LOOKS, flow.steady + 1), lastArrival: now };
  }
  return flow.steady < STEADY_LOOKS ? { ...flow, steady: 0 } : flow;
}

/** Silence of a steady flow, ms; null when the flow never was steady (they send nothing, or we do not know yet). */
export function silence(flow: Flow, now: number): number | null {
  return flow.steady < STEADY_LOOKS ? null : now - flow.lastArrival;
}
