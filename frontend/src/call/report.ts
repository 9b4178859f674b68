/** Tells the server how the call is, for the record. */

import type { Measured } from "../rtc/monitor";
import type { Interruption } from "../rtc/types";
import type { SignalingPort } from "../signaling/port";
import type { AckCode, CallReport, InterruptionTold } from "../signaling/protocol";

/** The server takes one in ten seconds, and forgives a second. */
const PERIOD_MS = 10_000;
/** Until there is something to tell: a consultation of a few seconds has a path and a quality in the record too. */
const FIRST_MS = 3_000;
/** What the server takes. */
const MOST_TOLD = 20;
const MOST_RESTARTS = 1_000;
const DAY_MS = 24 * 60 * 60 * 1_000;
/** While the server is away for long, the oldest are forgotten. */
const MOST_KEPT = 200;

export interface Reported {
  readonly connection: RTCPeerConnectionState;
  readonly measured: Measured | null;
  /** Null until the other's first frame was shown. */
  readonly firstFrameMs: number | null;
}

const SEVERITY: Record<RTCPeerConnectionState, number> = {
  closed: 0,
  connected: 1,
  new: 2,
  connecting: 3,
  disconnected: 4,
  failed: 5,
};

function badness({ connection, measured }: Reported): number {
  const q = measured?.figures;
  return SEVERITY[connection] * 10 + (q?.loss_in ?? 0) + (q?.loss_out ?? 0) + (q?.concealed ?? 0);
}

/** With several connections the worst one speaks; null when there is nothing to say. */
export function reportOf(connections: readonly Reported[]): CallReport | null {
  const measured = connections.filter((one) => one.measured !== null);
  const [worst] = [...measured].sort((a, b) => badness(b) - badness(a));
  if (!worst?.measured) return null;
  return { connection: worst.connection, path: worst.measured.path, quality: worst.measured.figures };
}

/** The interruptions of all connections. */
export function interruptionsOf(connections: readonly Reported[]): readonly Interruption[] {
  return connections.flatMap(({ measured }) => measured?.interruptions ?? []);
}

interface Kept extends Omit<Interruption, "agoMs"> {
  readonly beganAt: number;
}

const within = (value: number, most: number) => Math.min(most, Math.max(0, Math.round(value)));

/**
 * The interruptions that the server has not confirmed: the line to it tends to be away just when there is one to
 * tell. Times are milliseconds of one steady clock.
 */
export class Unconfirmed {
  readonly #kept = new Map<string, Kept>();

  /** Seen, or seen again with its end. */
  note(interruptions: readonly Interruption[], now: number): void {
    for (const { agoMs, ...rest } of interruptions) {
      const beganAt = this.#kept.get(rest.id)?.beganAt ?? now - agoMs;
      this.#kept.set(rest.id, { ...rest, beganAt });
    }
    for (const id of [...this.#kept.keys()].slice(0, -MOST_KEPT)) this.#kept.delete(id);
  }

  /** The next ones to tell, as the wire wants them. */
  told(now: number): readonly InterruptionTold[] {
    return [...this.#kept.values()].slice(0, MOST_TOLD).map((one) => ({
      id: one.id,
      cause: one.cause,
      ago_ms: within(now - one.beganAt, DAY_MS),
      duration_ms: one.durationMs === null ? null : within(one.durationMs, DAY_MS),
      restarts: within(one.restarts, MOST_RESTARTS),
    }));
  }

  /** These need not be told again, unless something was added to them meanwhile. */
  settle(told: readonly InterruptionTold[]): void {
    for (const { id, duration_ms } of told) {
      if ((this.#kept.get(id)?.durationMs == null) === (duration_ms === null)) this.#kept.delete(id);
    }
  }
}

/** Answers after which the same words have a chance. */
const WORTH_REPEATING: ReadonlySet<AckCode> = new Set(["offline", "timeout", "unavailable", "rate_limited"]);

/** So many reports may pass before a call has begun without a frame to be seen. */
const PATIENCE_REPORTS = 2;

export interface Reporting {
  /** The last word on this call, before the one that ends it. */
  last(): void;
  stop(): void;
}

/** Reports from now on. `call` names the running one. */
export function reporting(
  port: SignalingPort,
  connections: () => readonly Reported[],
  call: () => string | null,
): Reporting {
  let timer: ReturnType<typeof setTimeout>;
  let begun: string | null = null;
  let unseen = 0;
  const unconfirmed = new Unconfirmed();
  const frame = (seen: readonly Reported[]): Pick<CallReport, "first_frame_ms"> => {
    const first = seen.find(({ firstFrameMs }) => firstFrameMs !== null)?.firstFrameMs;
    return first == null ? {} : { first_frame_ms: within(first, DAY_MS) };
  };
  /** Said until it is confirmed; the server knows by itself whether it has heard it from an earlier page. */
  const beginning = (seen: readonly Reported[]): Pick<CallReport, "event" | "first_frame_ms"> => {
    if (call() === begun) return {};
    const first = frame(seen);
    const early = first.first_frame_ms === undefined && unseen++ < PATIENCE_REPORTS;
    return early ? {} : { event: "video_call_started", ...first };
  };
  const send = async (report: CallReport) => {
    const id = call();
    const told = unconfirmed.told(performance.now());
    const answer = await port.send("call_report", told.length ? { ...report, interruptions: told } : report);
    if (!answer.ok && WORTH_REPEATING.has(answer.code)) return;
    unconfirmed.settle(told);
    if (report.event) [begun, unseen] = [id, 0];
  };
  /** Asked while the server is away, the figures of that time would be lost. */
  const look = () => {
    const seen = port.state.get().is === "online" ? connections() : [];
    unconfirmed.note(interruptionsOf(seen), performance.now());
    return seen;
  };
  const tell = () => {
    const seen = look();
    const report = reportOf(seen);
    if (report) void send({ ...report, ...beginning(seen) });
    timer = setTimeout(tell, report ? PERIOD_MS : FIRST_MS);
  };
  timer = setTimeout(tell, FIRST_MS);
  return {
    last: () => {
      const seen = look();
      const report = reportOf(seen);
      if (report) void send({ ...report, event: "video_call_ended", ...frame(seen) });
    },
    stop: () => clearTimeout(timer),
  };
}
