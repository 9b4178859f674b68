/** One other person's media connection, as the call sees it: the peer, its monitor, and what they told us. */

import type { Frame } from "../rtc/channel";
import { Monitor } from "../rtc/monitor";
import type { Attempt } from "../rtc/monitor-options";
import { Peer } from "../rtc/peer";
import { oneRelay, relayHost } from "../rtc/relays";
import { RoomProbe } from "../rtc/room-probe";
import {
  type IceServer,
  type LocalTracks,
  type Media,
  type Quality,
  type Signal,
  sameMedia,
} from "../rtc/types";
import type { Participant } from "../signaling/protocol";
import { randomUuid } from "./ids";
import type { Reported } from "./report";
import type { PeerLink, PeerView } from "./types";

/** What an entry needs of the session around it. */
export interface EntryWorld {
  send(to: string, signal: Signal): void;
  tracks(): LocalTracks;
  /** What we say we send. */
  media(): Media;
  iceServers(): readonly IceServer[];
  freshIceServers(): Promise<readonly IceServer[]>;
  /** Asks the server for a sign of life; false drops a dead line. */
  lineIsUp(hastily?: boolean): Promise<boolean>;
  onFrame(from: string, frame: Frame): void;
  /** Whether a new connection takes its place. */
  onHopeless(id: string): boolean;
  onChange(): void;
}

export interface EntryOptions {
  readonly participant: Participant;
  readonly session: string;
  readonly initiator: boolean;
  readonly held: boolean;
  readonly spare?: RTCPeerConnection | null;
}

/** A client that never says what it sends is believed by what arrives. */
function inferred(media: Media, quality: Quality | null): Media {
  const { fps, bitrate_in: bitrate } = quality?.figures ?? { fps: null, bitrate_in: null };
  return { ...media, video: media.video || (fps ?? 0) > 0, audio: media.audio || (bitrate ?? 0) > 0 };
}

export class Entry {
  readonly incarnation: string;
  readonly initiator: boolean;
  readonly madeAt = performance.now();
  readonly peer: Peer;
  readonly #world: EntryWorld;
  #participant: Participant;
  #monitor: Monitor | null = null;
  #held: boolean;
  #media: Media;
  readonly #room = new RoomProbe({
    post: (frame) => this.peer.post(frame),
    understood: () => this.hears,
  });
  #saidHello = false;
  #everConnected = false;
  #silent = false;
  #speaking = false;
  #ownVideoPaused = false;
  #theirVideoPaused = false;
  #quality: Quality | null = null;
  #view: PeerView | null = null;
  /** Since when they are wanted, and how long it took until their first frame was shown; ms of the monotonic clock. */
  #since = 0;
  #firstFrameMs: number | null = null;
  readonly #seen = () => {
    this.#firstFrameMs ??= performance.now() - this.#since;
  };
  /** Since when the connection has been down, ms of the monotonic clock; null while it is up. */
  downSince: number | null = performance.now();

  constructor(world: EntryWorld, options: EntryOptions) {
    this.#world = world;
    this.#participant = options.participant;
    this.#media = options.participant.media;
    this.#held = options.held;
    this.incarnation = options.participant.incarnation;
    this.initiator = options.initiator;
    const { id } = options.participant;
    this.peer = new Peer({
      session: options.session,
      initiator: options.initiator,
      held: options.held,
      iceServers: world.iceServers(),
      tracks: world.tracks(),
      spare: options.spare ?? null,
      send: (signal) => world.send(id, signal),
      onFrame: (frame) => this.#onFrame(frame),
      onChannelOpen: () => this.#greet(),
      onConnection: (state) => this.#onConnection(state),
      onNegotiated: () => this.#changed(),
      onRestarted: () => this.#monitor?.yield(),
      settlesAlone: () => this.hears,
      onTrouble: () => undefined,
    });
    if (!options.held) this.#watch();
  }

  get held(): boolean {
    return this.#held;
  }
  /** Their page is ours too, and its channel is open: what is said by it need not go by the server. */
  get hears(): boolean {
    return this.#saidHello && this.peer.channelOpen;
  }
  get participant(): Participant {
    return this.#participant;
  }

  /** The prepared offer goes out. */
  say(): void {
    if (!this.#held) return;
    this.#held = false;
    this.peer.say();
    this.#watch();
    this.#changed();
  }

  /** News of them from the server. Their own word by the channel about their media is fresher than the server's. */
  update(participant: Participant): void {
    const back = this.#participant.connection === "away" && participant.connection === "online";
    this.#participant = participant;
    if (!this.hears) this.#setMedia(participant.media);
    if (back) this.lineBack();
    this.#changed();
  }

  hearMedia(media: Media): void {
    this.#setMedia(media);
    this.#changed();
  }

  /** Signaling works again for the both of us: what it may have lost is said again. */
  lineBack(): void {
    if (this.#held) return;
    this.peer.renew();
    this.#monitor?.nudge();
  }

  networkChanged(): void {
    this.peer.networkChanged();
    this.#monitor?.nudge();
  }

  report(): Reported {
    return {
      connection: this.peer.connection.connectionState,
      measured: this.#monitor?.report() ?? null,
      firstFrameMs: this.#firstFrameMs,
    };
  }

  close(): void {
    this.#monitor?.stop();
    this.peer.close();
  }

  view(): PeerView {
    this.#view ??= {
      id: this.#participant.id,
      name: this.#participant.name,
      role: this.#participant.role,
      participant: this.#participant,
      stream: this.peer.stream,
      link: this.#link(),
      media: this.#saidHello ? this.#media : inferred(this.#media, this.#quality),
      speaking: this.#speaking,
      quality: this.#quality,
      videoPaused: this.#everConnected && this.#isVideoPaused(),
      onSeen: this.#seen,
    };
    return this.#view;
  }

  #watch(): void {
    this.#since = performance.now();
    this.#monitor = new Monitor({
      connection: this.peer.connection,
      // Who leads the search for a way holds on to a dead one for longer, and it is patients whose networks change.
      defers: !this.initiator,
      media: () => this.#media,
      isStarved: () => this.#ownVideoPaused || this.#theirVideoPaused,
      ask: (hastily) => void this.#world.lineIsUp(hastily),
      restart: (attempt) => this.#restart(attempt),
      newId: randomUuid,
      onHopeless: () => this.#world.onHopeless(this.#participant.id),
      onSpeaking: (speaking) => {
        if (speaking === this.#speaking) return;
        this.#speaking = speaking;
        this.#changed();
      },
      onSilence: (silent) => {
        if (silent === this.#silent) return;
        this.#silent = silent;
        this.peer.lines.setResting(silent);
        this.#measureDown();
        this.#changed();
      },
      onQuality: (quality) => {
        this.#quality = quality;
        this.#changed();
      },
      onBack: () => this.#refresh(),
      onPlayout: (ms) => this.peer.lines.setPlayout(ms),
      room: this.#room,
      onRoomy: () => this.peer.lines.setRoomy(),
      onShape: (shape) => {
        const paused = !shape.video;
        if (paused !== this.#ownVideoPaused) this.peer.post({ t: "paused", video: paused });
        this.#ownVideoPaused = paused;
        this.peer.setShape(shape);
        this.#changed();
      },
    });
  }

  #greet(): void {
    this.peer.post({ t: "hello", media: this.#world.media() });
    if (this.#ownVideoPaused) this.peer.post({ t: "paused", video: true });
  }

  #isVideoPaused(): boolean {
    return this.#ownVideoPaused || this.#theirVideoPaused || !this.peer.receivesVideo;
  }

  /** What was missed cannot be built upon: a whole picture, both ways. */
  #refresh(): void {
    void this.peer.lines.tune(true);
    this.peer.post({ t: "refresh" });
  }

  async #restart({ first, relay, wanted }: Attempt): Promise<boolean> {
    if (!(await this.#world.lineIsUp())) return false;
    const servers = await this.#world.freshIceServers();
    if (!wanted()) return false;
    this.peer.restart(first ? oneRelay(servers, relayHost(relay)) : servers);
    return true;
  }

  #onConnection(state: RTCPeerConnectionState): void {
    if (state === "connected") this.#everConnected = true;
    this.#measureDown();
    this.#changed();
  }

  #measureDown(): void {
    const up = this.peer.connection.connectionState === "connected" && !this.#silent;
    this.downSince = up ? null : (this.downSince ?? performance.now());
  }

  #onFrame(frame: Frame): void {
    if (frame.t === "hello") this.#saidHello = true;
    this.#room.hear(frame);
    if (frame.t === "refresh") void this.peer.lines.tune(true);
    if (frame.t === "paused") this.#pauseTheirs(frame.video);
    if (frame.t === "hello" || frame.t === "media") this.hearMedia(frame.media);
    this.#world.onFrame(this.#participant.id, frame);
  }

  #pauseTheirs(paused: boolean): void {
    this.#theirVideoPaused = paused;
    this.#monitor?.expectChange();
    this.#changed();
  }

  #setMedia(media: Media): void {
    if (sameMedia(media, this.#media)) return;
    this.#media = media;
    this.#monitor?.expectChange();
  }

  #link(): PeerLink {
    if (this.downSince === null) return "connected";
    return this.#everConnected ? "reconnecting" : "connecting";
  }

  #changed(): void {
    this.#view = null;
    this.#world.onChange();
  }
}
