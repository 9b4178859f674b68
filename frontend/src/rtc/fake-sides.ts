/** Two peers over connections in memory, and a way between them that may lose what is sent. For tests. */

import { afterEach, beforeEach, vi } from "vitest";
import type { Frame } from "./channel";
import { type FakeConnection, fakeBrowser } from "./fake-connection";
import { Peer } from "./peer";
import type { PeerOptions } from "./peer-options";
import { RUNGS } from "./rungs";
import { iceUfrag } from "./sdp";
import { BEST, type Shape } from "./shape";
import type { LocalTracks, Signal } from "./types";

const last = RUNGS.at(-1) ?? BEST;
/** The lowest rung: no picture, and thin sound. */
export const PAUSED: Shape = { ...last, sound: { rate: last.rate, redundant: false, repeats: false } };
const NO_TRACKS: LocalTracks = { audio: null, video: null };

export class Side {
  readonly sent: Signal[] = [];
  readonly frames: Frame[] = [];
  readonly troubles: string[] = [];
  /** How often it heard of a restart of the other side's. */
  told = 0;
  readonly peer: Peer;
  other: Side | null = null;
  /** While true everything sent is lost, as in a dead socket. */
  deaf = false;
  #inbox: Promise<void> = Promise.resolve();

  constructor(initiator: boolean, change: Partial<PeerOptions> = {}) {
    this.peer = new Peer({
      session: "s1",
      initiator,
      held: false,
      iceServers: [],
      tracks: NO_TRACKS,
      send: (signal) => {
        this.sent.push(signal);
        if (!this.deaf) this.other?.take(signal);
      },
      onFrame: (frame) => this.frames.push(frame),
      onChannelOpen: () => undefined,
      onConnection: () => undefined,
      onNegotiated: () => undefined,
      onRestarted: () => {
        this.told += 1;
      },
      settlesAlone: () => true,
      onTrouble: (what) => this.troubles.push(what),
      ...change,
    });
  }

  get fake(): FakeConnection {
    return this.peer.connection as unknown as FakeConnection;
  }
  /** The way that the picture goes, as both have agreed on. */
  get picture(): string | null {
    return this.fake.getTransceivers()[1]?.currentDirection ?? null;
  }
  get descriptions(): string[] {
    return this.sent.flatMap(({ description }) => (description ? [description.type] : []));
  }
  take(signal: Signal): void {
    this.#inbox = this.#inbox.then(() => this.peer.receive(signal));
  }
}

export function pair(
  change: Partial<PeerOptions> = {},
  theirs: Partial<PeerOptions> = {},
): { readonly doctor: Side; readonly patient: Side } {
  const doctor = new Side(true, change);
  const patient = new Side(false, theirs);
  doctor.other = patient;
  patient.other = doctor;
  return { doctor, patient };
}

/** Whether both name the same ICE credentials, each its own and the other's: only then can they reach each other. */
export function agree(a: Side, b: Side): boolean {
  return knows(a, b) && knows(b, a);
}

function knows(a: Side, b: Side): boolean {
  const ufrag = iceUfrag(a.fake.currentRemoteDescription?.sdp);
  return ufrag !== null && ufrag === iceUfrag(b.fake.currentLocalDescription?.sdp);
}

/** Each test of the file has a browser in memory, and time that passes when it says so. */
export function inFakeBrowser(): void {
  let browser: ReturnType<typeof fakeBrowser>;
  beforeEach(() => {
    vi.useFakeTimers();
    browser = fakeBrowser();
  });
  afterEach(() => {
    browser.restore();
    vi.useRealTimers();
  });
}
