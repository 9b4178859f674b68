/** Watches one connection: brings it back, grades it, and lowers what is sent when the link is thin. */

import {
  collapse,
  drowned,
  hasCollapsed,
  type Ladder,
  onAnotherWay,
  soundOf,
  step,
  TOP,
  wantsRoom,
} from "./adapt";
import { isDrowning, remember } from "./drowning";
import { believed, isDubious, isPending, type Known } from "./estimate";
import { type Flow, NO_FLOW, observe, silence } from "./flow";
import { Interruptions } from "./interruptions";
import type { Attempt, MonitorOptions } from "./monitor-options";
import { type Playout, PROMPT, wait } from "./playout";
import { assess, CALM, type Calm, calm, type Expectation } from "./quality";
import { attempted, isAlert, look, nudged, type RecoveryState, WELL, yielded } from "./recovery";
import { probeSize, RUNGS, type Rung } from "./rungs";
import { sameSound } from "./sound";
import { bitrateOut, figures, missedOut, type Snapshot, snapshot } from "./stats";
import type { Interruption, MediaPath, QualityFigures } from "./types";

const PERIOD_MS = 250;
/** Right after the network has changed every tenth of a second counts. */
const ALERT_PERIOD_MS = 100;
const ASSESSMENT_MS = 2_000;
/** Estimates of a connection that has just come up, or back, say nothing yet. */
const UNSETTLED_MS = 3_000;
const COLLAPSED_LOOKS = 2;
/** After a silence this long the other side lacks something that the next pictures build upon. */
const PICTURE_LOST_MS = 800;
const SPEAKING = 0.02;
const SPEAKING_HOLD_MS = 700;
const ROOMY_BITRATE = 1_200_000;
/** So many restarts in vain, and the connection itself is given up. */
const HOPELESS_ATTEMPTS = 3;

/** The figures since the last report. */
export interface Measured {
  readonly path: MediaPath | null;
  readonly figures: QualityFigures;
  /** Those that began or ended in that time. */
  readonly interruptions: readonly Interruption[];
}

export class Monitor {
  readonly #options: MonitorOptions;
  readonly #interruptions: Interruptions;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #recovery: RecoveryState = WELL;
  #lastAttempt: number | null = null;
  #restarting = false;
  #relay: string | null = null;
  #flow: Flow = NO_FLOW;
  #latest: Snapshot | null = null;
  #assessed: Snapshot | null = null;
  #reported: Snapshot | null = null;
  #restarts = 0;
  #restartsReported = 0;
  #settledAt = Number.POSITIVE_INFINITY;
  /** Their media is to come again, and what had come before the way was lost. */
  #awaited = false;
  #packetsBefore: number | null = null;
  #looking = false;
  #calm: Calm = CALM;
  #ladder: Ladder = TOP;
  #collapsed = 0;
  /** The looks of the last second, oldest first. */
  #recent: readonly Snapshot[] = [];
  #playout: Playout = PROMPT;
  #spokeAt = Number.NEGATIVE_INFINITY;
  #roomy = false;
  #stopped = false;

  constructor(options: MonitorOptions) {
    this.#options = options;
    this.#interruptions = new Interruptions(options.newId);
    this.#goOn();
  }

  /** What happened since the last call of this; null before anything was measured. */
  report(): Measured | null {
    const before = this.#reported;
    const after = this.#latest;
    if (!before || !after || before === after) return null;
    const restarts = this.#restarts - this.#restartsReported;
    this.#reported = after;
    this.#restartsReported = this.#restarts;
    const interruptions = this.#interruptions.take(performance.now());
    return { path: after.path, figures: figures(before, after, restarts), interruptions };
  }

  /** The network changed or signaling is back. */
  nudge(): void {
    this.#recovery = nudged(this.#recovery, this.#lastAttempt, performance.now());
    void this.#look();
  }

  /** The other side looks for a way anew: this one waits for it. */
  yield(): void {
    this.#recovery = yielded(this.#recovery, performance.now());
    this.#interruptions.restarted();
  }

  /** They changed what they send, so the rhythm of their packets may change. */
  expectChange(): void {
    this.#flow = NO_FLOW;
  }

  stop(): void {
    this.#stopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  #goOn(): void {
    if (this.#stopped) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    const quick = isAlert(this.#recovery, performance.now());
    this.#timer = setTimeout(() => void this.#look(), quick ? ALERT_PERIOD_MS : PERIOD_MS);
  }

  async #look(): Promise<void> {
    if (this.#looking || this.#stopped) return;
    this.#looking = true;
    try {
      const rows: Record<string, unknown>[] = [];
      (await this.#options.connection.getStats()).forEach((row: Record<string, unknown>) => {
        rows.push(row);
      });
      if (!this.#stopped) this.#take(snapshot(rows, performance.now()));
    } finally {
      this.#looking = false;
      this.#goOn();
    }
  }

  #take(now: Snapshot): void {
    // Over another way what was lost is asked for at once, and estimates begin anew.
    if (now.pair !== (this.#latest?.pair ?? now.pair) && this.#settledAt < now.at) {
      this.#settledAt = now.at;
      this.#ladder = onAnotherWay(this.#ladder);
    }
    this.#latest = now;
    if (now.path) this.#relay = now.relay;
    this.#reported ??= now;
    this.#assessed ??= now;
    this.#flow = observe(this.#flow, now.packetsIn, now.checks, now.at);
    this.#recover(now.at);
    this.#welcome(now);
    this.#hear(now);
    if (!this.#roomy && (now.availableOut ?? 0) >= ROOMY_BITRATE) {
      this.#roomy = true;
      this.#options.onRoomy();
    }
    this.#catchCollapse(now);
    this.#catchDrowning(now);
    if (now.at - this.#assessed.at >= ASSESSMENT_MS) this.#assess(now);
  }

  #recover(at: number): void {
    const silentMs = silence(this.#flow, at);
    const { connectionState: connection } = this.#options.connection;
    const { defers } = this.#options;
    const decision = look(this.#recovery, { connection, silentMs, defers }, at);
    this.#recovery = decision.state;
    const troubled = decision.state.troubledSince !== null;
    this.#options.onSilence(troubled);
    if (troubled) {
      const networkChanged = isAlert(decision.state, at);
      this.#interruptions.goOn({ since: at - (silentMs ?? 0), networkChanged, connection });
      this.#settledAt = Number.POSITIVE_INFINITY;
    } else if (connection === "connected") this.#settle(at);
    if (decision.ask) this.#options.ask(decision.sudden);
    if (!decision.restart || this.#restarting) return;
    const hopeless = this.#recovery.attempts >= HOPELESS_ATTEMPTS && connection === "failed";
    if (hopeless && this.#options.onHopeless()) return;
    void this.#restart();
  }

  #settle(at: number): void {
    if (this.#settledAt !== Number.POSITIVE_INFINITY) return;
    this.#settledAt = at;
    this.#ladder = onAnotherWay(this.#ladder);
    if (this.#interruptions.end(at) >= PICTURE_LOST_MS) this.#awaited = true;
  }

  /** The way may stand again before anything comes over it: what is asked for then is lost like all else. */
  #welcome({ packetsIn }: Snapshot): void {
    if (this.#settledAt === Number.POSITIVE_INFINITY) this.#packetsBefore = packetsIn;
    else if (this.#awaited && packetsIn !== this.#packetsBefore) {
      this.#awaited = false;
      this.#options.onBack();
    }
  }

  async #restart(): Promise<void> {
    this.#restarting = true;
    try {
      const attempt: Attempt = {
        first: this.#recovery.attempts === 0,
        relay: this.#relay,
        wanted: () => !this.#stopped && performance.now() >= this.#recovery.notBefore,
      };
      if (!(await this.#options.restart(attempt))) return;
      const now = performance.now();
      this.#restarts += 1;
      this.#lastAttempt = now;
      this.#recovery = attempted(this.#recovery, now);
      this.#interruptions.restarted();
    } finally {
      this.#restarting = false;
    }
  }

  #hear(now: Snapshot): void {
    if ((now.audioLevel ?? 0) >= SPEAKING && this.#options.media().audio) this.#spokeAt = now.at;
    this.#options.onSpeaking(now.at - this.#spokeAt < SPEAKING_HOLD_MS);
  }

  #unsettled(at: number): boolean {
    return at - this.#settledAt < UNSETTLED_MS;
  }

  #catchCollapse(now: Snapshot): void {
    const { availableOut } = now;
    const sent = bitrateOut(this.#assessed ?? now, now);
    if (this.#unsettled(now.at) || !hasCollapsed(this.#ladder, availableOut, sent)) {
      this.#collapsed = 0;
      return;
    }
    const { room } = this.#options;
    if (room.latest() === null && isDubious(availableOut, this.#known(now, sent))) this.#measure();
    const known = this.#known(now, sent);
    const pending = isDubious(availableOut, known) && isPending(known);
    const available = believed(availableOut, known);
    this.#collapsed = pending || hasCollapsed(this.#ladder, available, sent) ? this.#collapsed + 1 : 0;
    if (pending || this.#collapsed < COLLAPSED_LOOKS) return;
    this.#collapsed = 0;
    this.#climb(collapse(this.#ladder, available));
  }

  #measure(): void {
    this.#options.room.ask(probeSize(this.#ladder.rung), this.#ladder.base ?? 0);
  }

  #known({ rtt }: Snapshot, sent: number | null): Known {
    const { base } = this.#ladder;
    return { room: this.#options.room.latest(), rtt: rtt === null ? null : rtt * 1_000, base, sent };
  }

  #catchDrowning(now: Snapshot): void {
    this.#recent = this.#unsettled(now.at) ? [] : remember(this.#recent, now);
    if (!isDrowning(this.#ladder.rung, this.#recent)) return;
    this.#climb(drowned(this.#ladder));
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
    if (this.#unsettled(now.at)) return;
    const { room } = this.#options;
    const available = believed(now.availableOut, this.#known(now, measured.bitrate_out));
    const found = room.latest()?.bps ?? null;
    const load = { figures: measured, availableOut: available, missed: missedOut(before, now), room: found };
    this.#climb(step(this.#ladder, load));
    if (wantsRoom(this.#ladder, load)) this.#measure();
    const starved = this.#options.isStarved();
    const playout = wait(this.#playout, { loss: measured.loss_in, starved });
    if (playout.ms !== this.#playout.ms) this.#options.onPlayout(playout.ms);
    this.#playout = playout;
  }

  #climb(ladder: Ladder): void {
    const before = this.#ladder;
    this.#ladder = ladder;
    const sound = soundOf(ladder);
    if (ladder.rung === before.rung && sameSound(sound, soundOf(before))) return;
    this.#options.onShape({ ...(RUNGS[ladder.rung] as Rung), sound });
  }
}
