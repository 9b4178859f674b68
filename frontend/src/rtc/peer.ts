/**
 * One media connection: perfect negotiation over whatever carries its signals.
 *
 * Both sides may offer at any time; when offers cross, the polite side takes its own back. What a lost socket may have
 * swallowed is said again by `renew`: without it both sides could wait for each other for ever.
 */

import { RUNGS, type Rung } from "./adapt";
import { Batch } from "./batch";
import { CHANNEL_ID, CHANNEL_LABEL, type Frame, readFrame } from "./channel";
import type { PeerOptions } from "./peer-options";
import { Repeat } from "./repeat";
import { isOfGeneration, isStaleAnswer, toCandidate } from "./sdp";
import { encode, PICTURE, rtcConfiguration, SOUND } from "./sending";
import type { Candidate, Description, IceServer, LocalTracks, Signal } from "./types";

const CANDIDATE_WINDOW_MS = 50;
const MOST_CANDIDATES = 32;

export class Peer {
  readonly session: string;
  /** Their sound and picture; the same object as long as this peer lives. */
  readonly stream = new MediaStream();
  readonly connection: RTCPeerConnection;
  readonly #options: PeerOptions;
  readonly #candidates: Batch<Candidate>;
  /** An offer without an answer is said again. */
  readonly #repeat = new Repeat(() => {
    if (this.connection.signalingState === "have-local-offer") this.#sayDescription();
  });
  /** Names our tracks as one stream for clients that expect that. */
  readonly #label = new MediaStream();
  #audio: RTCRtpTransceiver | null = null;
  #video: RTCRtpTransceiver | null = null;
  #channel: RTCDataChannel | null = null;
  #tracks: LocalTracks;
  #rung: Rung = RUNGS[0] as Rung;
  #preference: RTCDegradationPreference = "balanced";
  #held: boolean;
  #closed = false;
  #makingOffer = false;
  #ignoringOffer = false;
  #settingAnswer = false;

  constructor(options: PeerOptions) {
    this.#options = options;
    this.session = options.session;
    this.#held = options.held;
    this.#tracks = options.tracks;
    const configuration = rtcConfiguration(options.iceServers);
    this.connection = options.spare ?? new RTCPeerConnection(configuration);
    if (options.spare) this.connection.setConfiguration(configuration);
    this.#candidates = new Batch(CANDIDATE_WINDOW_MS, MOST_CANDIDATES, (candidates) => {
      options.send({ session: this.session, candidates });
    });
    this.#listen();
    if (options.initiator) this.#open();
  }

  get channelOpen(): boolean {
    return this.#channel?.readyState === "open";
  }

  /** Whether their picture is agreed on and may arrive. */
  get receivesVideo(): boolean {
    const direction = this.#video?.currentDirection;
    return direction === "sendrecv" || direction === "recvonly";
  }

  /** One signal from the other side. Call it for one after the other, in order. Never rejects. */
  async receive(signal: Signal): Promise<void> {
    if (this.#closed) return;
    try {
      if (signal.description) await this.#takeDescription(signal.description);
      for (const candidate of signal.candidates ?? []) await this.#takeCandidate(candidate);
    } catch (error) {
      if (!this.#closed) this.#options.onTrouble(error instanceof Error ? error.name : "signal");
    }
  }

  /** Sends what was prepared. */
  say(): void {
    if (!this.#held) return;
    this.#held = false;
    this.#sayDescription();
  }

  /** Says an unanswered offer again. Returns whether there was one. */
  renew(): boolean {
    if (this.#closed || this.#held || this.connection.signalingState !== "have-local-offer") return false;
    this.#repeat.stop();
    this.#sayDescription();
    return true;
  }

  /** Looks for a way anew, with these servers. */
  restart(servers: readonly IceServer[]): void {
    if (this.#closed) return;
    this.connection.setConfiguration(rtcConfiguration(servers));
    this.connection.restartIce();
    // With an offer still open the restart waits for its answer, so the offer is said again.
    this.renew();
  }

  /** Sends other tracks from now on; nothing is negotiated. */
  setTracks(tracks: LocalTracks): void {
    this.#tracks = tracks;
    this.#fill();
  }

  /** How much picture to send. The last rung sends none, which is negotiated. */
  setRung(rung: Rung): void {
    this.#rung = rung;
    void this.#tune();
    if (this.#video && this.#video.direction !== "stopped") {
      const direction = rung.video ? "sendrecv" : "recvonly";
      if (this.#video.direction !== direction) this.#video.direction = direction;
    }
  }

  /**
   * The link has room for the whole picture. Browsers begin with a small one, because they begin with a small estimate,
   * and let it grow over half a minute; a change from "balanced" makes them forget that and show all of it at once.
   */
  setRoomy(): void {
    this.#preference = "maintain-framerate";
    void this.#tune();
  }

  /** Sends a frame over the data channel; false when it is not open. */
  post(frame: Frame): boolean {
    if (!this.channelOpen) return false;
    try {
      this.#channel?.send(JSON.stringify(frame));
      return true;
    } catch {
      return false;
    }
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#candidates.clear();
    this.#repeat.stop();
    this.#channel?.close();
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
      void this.#tune();
      this.#options.onNegotiated();
    };
  }

  /** The initiator's beginning: two fixed media and the channel, so that nothing later needs a new medium. */
  #open(): void {
    const streams = [this.#label];
    const sending = { direction: "sendrecv", streams } as const;
    this.#audio = this.connection.addTransceiver(this.#tracks.audio ?? "audio", {
      ...sending,
      sendEncodings: [SOUND],
    });
    this.#video = this.connection.addTransceiver(this.#tracks.video ?? "video", {
      ...sending,
      sendEncodings: [{ ...PICTURE, maxBitrate: this.#rung.maxBitrate }],
    });
    this.#openChannel();
  }

  #openChannel(): void {
    const channel = this.connection.createDataChannel(CHANNEL_LABEL, { negotiated: true, id: CHANNEL_ID });
    this.#channel = channel;
    channel.onopen = () => this.#options.onChannelOpen();
    channel.onmessage = ({ data }: MessageEvent<unknown>) => {
      const frame = readFrame(data);
      if (frame && !this.#closed) this.#options.onFrame(frame);
    };
  }

  /** The answering side uses the media of the first offer. */
  #adopt(): void {
    for (const transceiver of this.connection.getTransceivers()) {
      const { kind } = transceiver.receiver.track;
      if (kind === "audio" && !this.#audio) this.#audio = transceiver;
      else if (kind === "video" && !this.#video) this.#video = transceiver;
      else continue;
      transceiver.direction = "sendrecv";
      transceiver.sender.setStreams?.(this.#label);
    }
    if (!this.#channel) this.#openChannel();
    this.#fill();
  }

  #fill(): void {
    if (this.#closed) return;
    const pairs = [
      [this.#audio, this.#tracks.audio],
      [this.#video, this.#tracks.video],
    ] as const;
    for (const [transceiver, track] of pairs) {
      if (!transceiver || transceiver.sender.track === track) continue;
      transceiver.sender.replaceTrack(track).catch(() => this.#options.onTrouble("replaceTrack"));
    }
  }

  async #offer(): Promise<void> {
    if (this.#closed) return;
    try {
      this.#makingOffer = true;
      await this.connection.setLocalDescription();
      if (!this.#held) this.#sayDescription();
    } catch {
      if (!this.#closed) this.#options.onTrouble("offer");
    } finally {
      this.#makingOffer = false;
    }
  }

  async #takeDescription(description: Description): Promise<void> {
    const { connection } = this;
    const isOffer = description.type === "offer";
    const ready = !this.#makingOffer && (connection.signalingState === "stable" || this.#settingAnswer);
    this.#ignoringOffer = isOffer && !ready && this.#options.initiator;
    if (this.#ignoringOffer || (!isOffer && this.#isLateAnswer(description))) return;
    this.#settingAnswer = !isOffer;
    try {
      await connection.setRemoteDescription(description);
    } finally {
      this.#settingAnswer = false;
    }
    if (!isOffer || this.#closed) return;
    this.#adopt();
    await connection.setLocalDescription();
    this.#sayDescription();
  }

  #isLateAnswer(answer: Description): boolean {
    const { signalingState, currentLocalDescription, currentRemoteDescription, pendingLocalDescription } =
      this.connection;
    if (signalingState !== "have-local-offer" && signalingState !== "have-remote-pranswer") return true;
    const current = { local: currentLocalDescription?.sdp, remote: currentRemoteDescription?.sdp };
    return isStaleAnswer(current, pendingLocalDescription?.sdp, answer.sdp);
  }

  async #takeCandidate(candidate: Candidate): Promise<void> {
    const { connection } = this;
    if (this.#closed || !connection.remoteDescription) return;
    if (!isOfGeneration(connection.remoteDescription.sdp, candidate.usernameFragment)) return;
    try {
      await connection.addIceCandidate(candidate);
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
    this.#options.send({ session: this.session, description: { type, sdp } });
    if (type === "offer") this.#repeat.arm();
  }

  /** Sound before picture, and the picture no larger than its rung. */
  async #tune(): Promise<void> {
    if (this.#closed) return;
    const { scale: scaleResolutionDownBy, maxBitrate, maxFramerate } = this.#rung;
    await encode(this.#audio, SOUND);
    await encode(
      this.#video,
      { ...PICTURE, maxBitrate, maxFramerate, scaleResolutionDownBy },
      this.#preference,
    );
  }
}
