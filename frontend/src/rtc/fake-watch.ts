/** A monitor over a connection that only has a state and counters, and what it said. For tests with a clock of their own. */

import { vi } from "vitest";
import { Monitor } from "./monitor";
import type { Room } from "./room-probe";
import type { Shape } from "./shape";
import type { Quality } from "./types";

/** What comes in goes on by itself, while `flowing`. */
class Measured {
  connectionState: RTCPeerConnectionState = "connected";
  looks = 0;
  flowing = true;
  /** Whether connectivity checks are answered while nothing else comes. */
  checking = false;
  /** The way that is used. */
  pair = "p";
  available: number | null = 2_000_000;
  level = 0;
  /** Packets lost with each look, of five that came. */
  losing = 0;
  /** Sent with each look, bytes. */
  bytes = 10_000;
  /** Share of what is sent with each look that was sent before. */
  again = 0;
  #checks = 0;
  #sent = 0;
  #sentAgain = 0;
  #lost = 0;
  #packets = 0;

  async getStats(): Promise<Map<string, object>> {
    this.looks += 1;
    this.#lost += this.losing;
    if (this.checking) this.#checks += 1;
    if (this.flowing) this.#packets += 5;
    this.#sent += this.bytes;
    this.#sentAgain += this.bytes * this.again;
    const pair = {
      availableOutgoingBitrate: this.available,
      currentRoundTripTime: 0.04,
      responsesReceived: this.#checks,
    };
    const sound = {
      kind: "audio",
      packetsReceived: this.#packets,
      packetsLost: this.#lost,
      bytesReceived: this.#packets * 100,
    };
    return new Map<string, object>([
      [this.pair, { id: this.pair, type: "candidate-pair", nominated: true, ...pair }],
      [
        "o",
        { id: "o", type: "outbound-rtp", bytesSent: this.#sent, retransmittedBytesSent: this.#sentAgain },
      ],
      ["a", { id: "a", type: "inbound-rtp", audioLevel: this.level, ...sound }],
    ]);
  }
}

export class Watch {
  readonly connection = new Measured();
  readonly monitor: Monitor;
  /** What it asked for, in order. */
  readonly events: string[] = [];
  readonly shapes: Shape[] = [];
  readonly qualities: Quality[] = [];
  readonly playouts: (number | null)[] = [];
  /** What measuring the room of the way finds at once, bit/s: 0 for no answer, null where it cannot be. */
  room: number | null = null;
  starved = false;
  silent = false;
  speaking = false;
  /** Whether signaling carries a restart. */
  lineUp = true;
  #ids = 0;
  #askedAt = Number.NEGATIVE_INFINITY;

  /** Whether a new connection takes the place of a hopeless one. */
  rebuilds = true;

  constructor() {
    const { events } = this;
    this.monitor = new Monitor({
      connection: this.connection as unknown as RTCPeerConnection,
      defers: false,
      media: () => ({ audio: true, video: true, screen: false, recording: false }),
      isStarved: () => this.starved,
      ask: (hastily) => events.push(hastily ? "ask hastily" : "ask"),
      restart: async () => {
        events.push("restart");
        return this.lineUp;
      },
      newId: () => {
        this.#ids += 1;
        return `i${this.#ids}`;
      },
      onHopeless: () => {
        events.push("hopeless");
        return this.rebuilds;
      },
      onSpeaking: (now) => {
        this.speaking = now;
      },
      onSilence: (now) => {
        this.silent = now;
      },
      onBack: () => events.push("back"),
      onQuality: (quality) => this.qualities.push(quality),
      onShape: (shape) => this.shapes.push(shape),
      onPlayout: (ms) => this.playouts.push(ms),
      room: {
        ask: () => {
          events.push("room");
          this.#askedAt = performance.now();
        },
        latest: () => this.#measured(),
      },
      onRoomy: () => events.push("roomy"),
    });
  }

  #measured(): Room | null {
    const ageMs = performance.now() - this.#askedAt;
    return this.room === null || ageMs > 10_000 ? null : { bps: this.room, ageMs };
  }

  /** Well for so long that estimates count, and silence does. */
  async run(): Promise<void> {
    await vi.advanceTimersByTimeAsync(5_000);
    this.events.length = 0;
  }

  count(event: string): number {
    return this.events.filter((one) => one === event).length;
  }
}
