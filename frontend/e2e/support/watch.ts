/** What a page really did: every connection, device and socket it ever opened, and what its media did. */
import { expect, type Page } from "@playwright/test";

interface Seen {
  peers: RTCPeerConnection[];
  tracks: MediaStreamTrack[];
  sockets: WebSocket[];
  violations: string[];
  /** How often a device was asked for. */
  asked: number;
}

declare global {
  interface Window {
    seen: Seen;
  }
}

export interface Figures {
  /** Pictures decoded, over all live connections. */
  frames: number;
  freezes: number;
  audioEnergy: number;
  audioPackets: number;
  width: number;
  connected: number;
}

/** Runs in the page before anything else of it. */
export function keepWatch(): void {
  const seen: Seen = { peers: [], tracks: [], sockets: [], violations: [], asked: 0 };
  window.seen = seen;
  const kept = <T extends object>(original: T, all: object[]): T =>
    new Proxy(original, {
      construct(target, given, self) {
        const made = Reflect.construct(target as unknown as () => void, given, self) as object;
        all.push(made);
        return made;
      },
    });
  window.RTCPeerConnection = kept(window.RTCPeerConnection, seen.peers);
  window.WebSocket = kept(window.WebSocket, seen.sockets);
  document.addEventListener("securitypolicyviolation", (event) => {
    seen.violations.push(
      `${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile ?? ""} ${event.sample}`,
    );
  });
  if (typeof MediaDevices === "undefined") return;
  for (const name of ["getUserMedia", "getDisplayMedia"] as const) {
    const own = MediaDevices.prototype[name];
    MediaDevices.prototype[name] = async function (this: MediaDevices, wish?: MediaStreamConstraints) {
      seen.asked += 1;
      const stream = await own.call(this, wish);
      seen.tracks.push(...stream.getTracks());
      return stream;
    };
  }
  const clone = MediaStreamTrack.prototype.clone;
  MediaStreamTrack.prototype.clone = function (this: MediaStreamTrack) {
    const copy = clone.call(this);
    seen.tracks.push(copy);
    return copy;
  };
}

export class Watch {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  /** Sums over every connection that is not closed. */
  figures(): Promise<Figures> {
    return this.#page.evaluate(async () => {
      const sum = { frames: 0, freezes: 0, audioEnergy: 0, audioPackets: 0, width: 0, connected: 0 };
      for (const peer of window.seen.peers) {
        if (peer.connectionState === "closed") continue;
        if (peer.connectionState === "connected") sum.connected += 1;
        for (const entry of (await peer.getStats()).values()) {
          if (entry.type !== "inbound-rtp") continue;
          if (entry.kind === "video") {
            sum.frames += entry.framesDecoded ?? 0;
            sum.freezes += entry.freezeCount ?? 0;
            sum.width = Math.max(sum.width, entry.frameWidth ?? 0);
          } else {
            sum.audioEnergy += entry.totalAudioEnergy ?? 0;
            sum.audioPackets += entry.packetsReceived ?? 0;
          }
        }
      }
      return sum;
    });
  }

  /** Pictures and sound of the other side keep coming, from now on. After a rollback counters may start anew. */
  async receives(what: { picture?: boolean; sound?: boolean } = {}): Promise<void> {
    const { picture = true, sound = true } = what;
    const before = await this.figures();
    await expect
      .poll(
        async () => {
          const now = await this.figures();
          return {
            picture: !picture || (now.frames > 3 && now.frames - before.frames !== 0),
            sound: !sound || (now.audioEnergy > 0 && now.audioEnergy !== before.audioEnergy),
          };
        },
        { message: `media arrives at ${this.#page.url()}`, intervals: [100, 200, 300] },
      )
      .toEqual({ picture: true, sound: true });
  }

  /** `count` more pictures from the other side. */
  async framesAfter(start: Figures, count: number): Promise<Figures> {
    await expect
      .poll(async () => (await this.figures()).frames - start.frames, {
        message: "pictures go on",
        timeout: 20_000,
      })
      .toBeGreaterThan(count);
    return this.figures();
  }

  /** What is still open: nothing of it may be left after the end. */
  alive(): Promise<{ tracks: number; peers: number; sockets: number }> {
    return this.#page.evaluate(() => ({
      tracks: window.seen.tracks.filter((track) => track.readyState === "live").length,
      peers: window.seen.peers.filter((peer) => peer.signalingState !== "closed").length,
      sockets: window.seen.sockets.filter((socket) => socket.readyState < WebSocket.CLOSING).length,
    }));
  }

  async isReleased(): Promise<void> {
    await expect
      .poll(() => this.alive(), { message: "devices, connections and sockets are released" })
      .toEqual({ tracks: 0, peers: 0, sockets: 0 });
  }

  liveCameras(): Promise<number> {
    return this.#page.evaluate(
      () =>
        window.seen.tracks.filter((track) => track.kind === "video" && track.readyState === "live").length,
    );
  }

  asked(): Promise<number> {
    return this.#page.evaluate(() => window.seen.asked);
  }

  violations(): Promise<string[]> {
    return this.#page.evaluate(() => window.seen?.violations ?? []);
  }

  /** Secrets of the connections so far: user fragments, passwords, fingerprints. None may turn up in a log. */
  sdpSecrets(): Promise<string[]> {
    return this.#page.evaluate(() =>
      window.seen.peers.flatMap((peer) => {
        const text = `${peer.localDescription?.sdp ?? ""}\n${peer.remoteDescription?.sdp ?? ""}`;
        return [...text.matchAll(/a=(?:ice-pwd|fingerprint:sha-256|ice-ufrag):?\s*(\S{8,})/g)].map(
          (found) => found[1] ?? "",
        );
      }),
    );
  }
}
