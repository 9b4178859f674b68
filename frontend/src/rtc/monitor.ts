/** Watches one connection: brings it back, grades it, and lowers the picture when the link is thin. */

import { type Ladder, RUNGS, type Rung, step, TOP } from "./adapt";
import { type Flow, NO_FLOW, observe, silence } from "./flow";
import { assess, CALM, type Calm, calm, type Expectation } from "./quality";
import { attempted, look, nudged, type RecoveryState, WELL } from "./recovery";
import { figures, type Snapshot, snapshot } from "./stats";
import type { Interruption, Media, MediaPath, Quality, QualityFigures } from "./types";

const PERIOD_MS = 400;
const LOOKS_PER_ASSESSMENT = 5;
const SPEAKING = 0.02;
const SPEAKING_HOLD_MS = 700;
const ROOMY_BITRATE = 1_200_000;
/** So many restarts in vain, and the connection itself is given up. */
const HOPELESS_ATTEMPTS = 3;

export interface MonitorOptions {
  readonly connection: RTCPeerConnection;
  /** What the other side says it sends. */
  media(): Media;
  /** Restarts ICE; false when signaling is away and nothing was done. */
  restart(): Promise<boolean>;
  onHopeless(): void;
  onSpeaking(speaking: boolean): void;
  onSilence(silent: boolean): void;
  onQuality(quality: Quality): void;
  onRung(rung: Rung): void;
  /** The first estimate that has room for the whole picture. Said once. */
  onRoomy(): void;
}

/** The figures since the last report. */
export interface Measured {
  readonly path: MediaPath | null;
  readonly figures: QualityFigures;
  /** Those that began or ended since the last report. */
  readonly interruptions: readonly Interruption[];
}

export class Monitor {
  readonly #options: MonitorOptions;
  readonly #timer: ReturnType<typeof setInterval>;
  #recovery: RecoveryState = WELL;
  #lastAttempt: number | null = null;
  #restarting = false;
  #flow: Flow = NO_FLOW;
  #latest: Snapshot | null = null;
  #assessed: Snapshot | null = null;
  #reported: Snapshot | null = null;
  #restarts = 0;
  #restartsReported = 0;
  #looks = 0;
  #looking = false;
  #calm: Calm = CALM;
  #ladder: Ladder = TOP;
  #spokeAt = Number.NEGATIVE_INFINITY;
  #roomy = false;
  #stopped = false;

  constructor(options: MonitorOptions) {
    this.#options = options;
    this.#timer = setInterval(() => void this.#look(), PERIOD_MS);
  }

  /** What happened since the last call of this; null before anything was measured. */
  report(): Measured | null {
    const before = this.#reported;
    const after = this.#latest;
    if (!before || !after || before === after) return null;
    const restarts = this.#restarts - this.#restartsReported;
    this.#reported = after;
    this.#restartsReported = this.#restarts;
    return { path: after.path, figures: figures(before, after, restarts), interruptions: [] };
  }

  /** The network changed or signaling is back. */
  nudge(): void {
    this.#recovery = nudged(this.#recovery, this.#lastAttempt, performance.now());
    void this.#look();
  }

  /** They changed what they send, so the rhythm of their packets may change. */
  expectChange(): void {
    this.#flow = NO_FLOW;
  }

  stop(): void {
    this.#stopped = true;
    clearInterval(this.#timer);
  }

  async #look(): Promise<void> {
    if (this.#looking || this.#stopped) return;
    this.#looking = true;
    try {
      const rows: Record<string, unknown>[] = [];
      (await this.#options.connection.getStats()).forEach((row: Record<string, unknown>) => {
        rows.push(row);
      });
      if (this.#stopped) return;
      this.#take(snapshot(rows, performance.now()));
    } finally {
      this.#looking = false;
    }
  }

  #take(now: Snapshot): void {
    this.#latest = now;
    this.#reported ??= now;
    this.#assessed ??= now;
    this.#flow = observe(this.#flow, now.packetsIn, now.checks, now.at);
    this.#recover(now.at);
    this.#hear(now);
    if (!this.#roomy && (now.availableOut ?? 0) >= ROOMY_BITRATE) {
      this.#roomy = true;
      this.#options.onRoomy();
    }
    this.#looks += 1;
    if (this.#looks % LOOKS_PER_ASSESSMENT === 0) this.#assess(now);
  }

  #recover(at: number): void {
    const silentMs = silence(this.#flow, at);
    const facts = { connection: this.#options.connection.connectionState, silentMs };
    const decision = look(this.#recovery, facts, at);
    this.#recovery = decision.state;
    this.#options.onSilence(decision.state.troubledSince !== null);
    if (!decision.restart || this.#restarting) return;
    if (this.#recovery.attempts >= HOPELESS_ATTEMPTS && facts.connection === "failed") {
      this.#options.onHopeless();
      return;
    }
    void this.#restart();
  }

  async #restart(): Promise<void> {
    this.#restarting = true;
    try {
      if (!(await this.#options.restart())) return;
      const now = performance.now();
      this.#restarts += 1;
      this.#lastAttempt = now;
      this.#recovery = attempted(this.#recovery, now);
    } finally {
      this.#restarting = false;
    }
  }

  #hear(now: Snapshot): void {
    if ((now.audioLevel ?? 0) >= SPEAKING && this.#options.media().audio) this.#spokeAt = now.at;
    this.#options.onSpeaking(now.at - this.#spokeAt < SPEAKING_HOLD_MS);
  }

  #assess(now: Snapshot): void {
    const before = this.#assessed ?? now;
    this.#assessed = now;
    if (this.#options.connection.connectionState !== "connected") return;
    const measured = figures(before, now, 0);
    const media = this.#options.media();
    const expected: Expectation = {
      sound: media.audio,
      picture: media.video || media.screen,
      intervalMs: Math.max(1, now.at - before.at),
    };
    this.#calm = calm(this.#calm, assess(measured, now.path, expected));
    if (this.#calm.shown) this.#options.onQuality(this.#calm.shown);
    const rung = this.#ladder.rung;
    this.#ladder = step(this.#ladder, { figures: measured, availableOut: now.availableOut });
    const next = RUNGS[this.#ladder.rung];
    if (this.#ladder.rung !== rung && next) this.#options.onRung(next);
  }
}
