/**
 * One media connection: perfect negotiation over whatever carries its signals.
 *
 * Both sides may offer at any time; when offers cross, the polite side takes its own back. What a lost socket may have
 * swallowed is said again by `renew`: without it both sides could wait for each other for ever. What only changes our own
 * sending is settled with our own browser and never travels: on a link that has just become thin there is no room for it.
 */

import { Batch } from "./batch";
import type { Frame } from "./channel";
import { Forgetting } from "./forgetting";
import { Lines } from "./lines";
import type { PeerOptions } from "./peer-options";
import { Repeat } from "./repeat";
import { iceUfrag, isLateAnswer, isOfGeneration, isRestart, offersRestart, toCandidate } from "./sdp";
import { rtcConfiguration } from "./sending";
import { BEST, type Shape } from "./shape";
import { sameSound, sendsPicture } from "./sound";
import { TheirWord } from "./their-word";
import type { Candidate, Description, IceServer, LocalTracks, Signal } from "./types";

const CANDIDATE_WINDOW_MS = 50;
const MOST_CANDIDATES = 32;
/** An offer that stands this long while the other side offers too has probably been lost. */
const LOST_OFFER_MS = 500;

export class Peer {
  readonly session: string;
  /** Their sound and picture; the same object as long as this peer lives. */
  readonly stream = new MediaStream();
  readonly connection: RTCPeerConnection;
  readonly #options: PeerOptions;
  readonly lines: Lines;
  readonly #candidates: Batch<Candidate>;
  /** An offer without an answer is said again. */
  readonly #repeat = new Repeat(() => {
    if (this.#isOffering) this.#sayDescription();
  });
  #shape: Shape = BEST;
  #held: boolean;
  #closed = false;
  #makingOffer = false;
  #ignoringOffer = false;
  #settingAnswer = false;
  #settlingAlone = false;
  /** The ICE generation that we named last, and the one to be replaced: while they are the same a restart is unsaid. */
  #saidUfrag: string | null = null;
  #replacedUfrag: string | null = "";
  /** Since the last offer the device has come to another network. */
  #moved = false;
  #offeredAt = Number.NEGATIVE_INFINITY;
  readonly #theirs = new TheirWord();
  readonly #forgetting: Forgetting;
  /** Whether our last description promised a picture: only then do they take one. */
  #saidPicture = false;
  #turn: Promise<void> = Promise.resolve();

  constructor(options: PeerOptions) {
    this.#options = options;
    this.session = options.session;
    this.#held = options.held;
    const configuration = rtcConfiguration(options.iceServers);
    this.connection = options.spare ?? new RTCPeerConnection(configuration);
    if (options.spare) this.connection.setConfiguration(configuration);
    this.lines = new Lines(this.connection, options);
    this.#forgetting = new Forgetting(this.connection, this.#theirs, () => {
      void this.#inTurn("forgetting", () => this.#settle());
    });
    this.#candidates = new Batch(CANDIDATE_WINDOW_MS, MOST_CANDIDATES, (candidates) => {
      options.send({ session: this.session, candidates });
    });
    this.#listen();
    if (options.initiator) this.lines.open();
  }

  get #isOffering(): boolean {
    return this.connection.signalingState === "have-local-offer";
  }

  get channelOpen(): boolean {
    return this.lines.channelOpen;
  }

  /** Whether their picture is agreed on and may arrive. */
  get receivesVideo(): boolean {
    return this.lines.receivesVideo;
  }

  /** One signal from the other side. Call it for one after the other, in order. Never rejects. */
  receive(signal: Signal): Promise<void> {
    return this.#inTurn("signal", async () => {
      if (signal.description) await this.#takeDescription(signal.description);
      for (const candidate of signal.candidates ?? []) await this.#takeCandidate(candidate);
    });
  }

  /** Sends what was prepared. */
  say(): void {
    if (!this.#held) return;
    this.#held = false;
    this.#sayDescription();
  }

  /** Says an unanswered offer again. Returns whether there was one. */
  renew(): boolean {
    if (this.#closed || this.#held || this.#settlingAlone || !this.#isOffering) return false;
    this.#repeat.stop();
    this.#sayDescription();
    return true;
  }

  /** Looks for a way anew, with these servers. */
  restart(servers: readonly IceServer[]): void {
    void this.#inTurn("restart", async () => {
      this.connection.setConfiguration(rtcConfiguration(servers));
      // A restart that is offered and not answered is the one we want, unless it was made on another network.
      if (!this.#isOffering || !offersRestart(this.connection) || this.#moved) {
        this.connection.restartIce();
        this.#replacedUfrag = iceUfrag(this.connection.localDescription?.sdp);
      }
      // With an offer still open the restart waits for its answer, so the offer is said again.
      this.renew();
    });
  }

  /** The ways that an open offer speaks of may be gone. */
  networkChanged(): void {
    this.#moved = true;
  }

  /** Sends other tracks from now on; nothing is negotiated. */
  setTracks(tracks: LocalTracks): void {
    this.lines.setTracks(tracks);
  }

  /** How much to send from now on. */
  setShape(shape: Shape): void {
    const before = this.#shape;
    this.#shape = shape;
    this.lines.setShape(shape);
    if (before.video === shape.video && sameSound(before.sound, shape.sound)) return;
    void this.#inTurn("shape", () => this.#settle());
  }

  post(frame: Frame): boolean {
    return this.lines.post(frame);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#candidates.clear();
    this.#repeat.stop();
    this.#forgetting.stop();
    this.lines.close();
    this.connection.close();
    for (const track of this.stream.getTracks()) {
      track.stop();
      this.stream.removeTrack(track);
    }
  }

  #listen(): void {
    const { connection } = this;
    connection.onnegotiationneeded = () => void this.#offer();
    connection.onicecandidate = ({ candidate }) => {
      if (candidate?.candidate && !this.#held) this.#candidates.add(toCandidate(candidate));
    };
    connection.onconnectionstatechange = () => {
      if (!this.#closed) this.#options.onConnection(connection.connectionState);
    };
    connection.ontrack = ({ track }) => {
      if (!this.stream.getTracks().includes(track)) this.stream.addTrack(track);
      this.#options.onNegotiated();
    };
    connection.onsignalingstatechange = () => {
      if (this.#closed || connection.signalingState !== "stable") return;
      this.#repeat.stop();
      void this.lines.tune();
      this.#options.onNegotiated();
    };
  }

  /** Signals, restarts and changes of our sending one after another: each finds the state that the one before left. */
  #inTurn(what: string, task: () => Promise<void>): Promise<void> {
    this.#turn = this.#turn.then(async () => {
      if (this.#closed) return;
      try {
        await task();
      } catch (error) {
        if (!this.#closed) this.#options.onTrouble(error instanceof Error ? error.name : what);
      }
    });
    return this.#turn;
  }

  async #offer(): Promise<void> {
    // What is settled alone comes back as "stable", and the browser asks again for what is still wanted.
    if (this.#closed || this.#settlingAlone) return;
    try {
      this.#makingOffer = true;
      this.#moved = false;
      await this.connection.setLocalDescription();
      this.#offeredAt = performance.now();
      if (!this.#held) this.#sayDescription();
    } catch {
      if (!this.#closed) this.#options.onTrouble("offer");
    } finally {
      this.#makingOffer = false;
    }
  }

  /**
   * Brings our own sending in line with the shape. Whoever understands `paused` need not hear of it by a negotiation;
   * when the way back needs their word, or they are another program, the browser's own event makes a real offer.
   */
  async #settle(): Promise<void> {
    const { connection } = this;
    const { video, sound } = this.#shape;
    const sdp = this.#theirs.again(sound, video);
    const restarting = this.#saidUfrag === this.#replacedUfrag;
    const busy = this.#held || this.#makingOffer || restarting || connection.signalingState !== "stable";
    const asked = video && !(this.#theirs.takesPicture && this.#saidPicture);
    if (sdp === null || busy || asked || !this.#options.settlesAlone()) {
      this.lines.setPicture(video);
      return;
    }
    this.#settlingAlone = true;
    try {
      this.lines.setPicture(video);
      await connection.setLocalDescription();
      await connection.setRemoteDescription({ type: "answer", sdp });
    } catch {
      if (!this.#closed) this.#options.onTrouble("settle");
      if (this.#isOffering) await connection.setLocalDescription({ type: "rollback" });
    } finally {
      this.#settlingAlone = false;
    }
  }

  async #takeDescription(description: Description): Promise<void> {
    const { connection } = this;
    const isOffer = description.type === "offer";
    const ready = !this.#makingOffer && (connection.signalingState === "stable" || this.#settingAnswer);
    this.#ignoringOffer = isOffer && !ready && this.#options.initiator;
    if (this.#ignoringOffer) {
      // They offer, so their line is up; that they still do may mean that ours never came.
      const patience = LOST_OFFER_MS - (performance.now() - this.#offeredAt);
      if (patience <= 0) this.renew();
      else this.#repeat.arm(patience);
      return;
    }
    if (!isOffer && isLateAnswer(connection, description.sdp)) return;
    const restarted = isRestart(connection, description.sdp);
    this.#settingAnswer = !isOffer;
    // Our answer to an offer would tell them of it, and it is for our own browser alone.
    if (restarted && isOffer) this.#forgetting.stop();
    else if (restarted) this.#forgetting.begin();
    try {
      const sdp = this.#theirs.hear(description.sdp, restarted, this.#shape.sound);
      await connection.setRemoteDescription({ type: description.type, sdp });
    } finally {
      this.#settingAnswer = false;
    }
    this.#theirs.keep(description.sdp);
    if (!isOffer || this.#closed) return;
    if (restarted) this.#options.onRestarted();
    this.lines.adopt();
    this.lines.setPicture(this.#shape.video);
    await connection.setLocalDescription();
    this.#theirs.answered(connection.localDescription?.sdp);
    this.#sayDescription();
    if (restarted && this.#forgetting.begin()) await this.#settle();
  }

  async #takeCandidate(candidate: Candidate): Promise<void> {
    const { connection } = this;
    if (this.#closed || !connection.remoteDescription) return;
    if (!isOfGeneration(connection.remoteDescription.sdp, candidate.usernameFragment)) return;
    try {
      await connection.addIceCandidate(this.#theirs.candidate(candidate));
    } catch {
      // One unusable candidate (another program's, or of an offer we ignore) must not stop the others.
      if (!this.#ignoringOffer && !this.#closed) this.#options.onTrouble("candidate");
    }
  }

  /** The description as it stands holds every candidate found so far: those need not be said again. */
  #sayDescription(): void {
    const description = this.connection.localDescription;
    if (this.#closed || !description || description.type === "rollback") return;
    this.#candidates.clear();
    const { type, sdp } = description;
    this.#saidUfrag = iceUfrag(sdp);
    this.#saidPicture = sendsPicture(sdp);
    this.#options.send({ session: this.session, description: { type, sdp } });
    if (type === "offer") this.#repeat.arm();
  }
}
