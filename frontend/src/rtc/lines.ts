/** What one connection carries: a line for sound, one for the picture, and the channel; and how much of each is sent. */

import { blankTrack } from "./blank";
import { CHANNEL_ID, CHANNEL_LABEL, type Frame, readFrame } from "./channel";
import { encode, PICTURE, SOUND } from "./sending";
import { BEST, type Shape } from "./shape";
import type { LocalTracks } from "./types";

export interface LinesOptions {
  readonly tracks: LocalTracks;
  onFrame(frame: Frame): void;
  onChannelOpen(): void;
  onTrouble(what: string): void;
}

export class Lines {
  readonly #connection: RTCPeerConnection;
  readonly #options: LinesOptions;
  /** Names our tracks as one stream for clients that expect that. */
  readonly #label = new MediaStream();
  #audio: RTCRtpTransceiver | null = null;
  #video: RTCRtpTransceiver | null = null;
  #channel: RTCDataChannel | null = null;
  #tracks: LocalTracks;
  #shape: Shape = BEST;
  #roomy = false;
  /** What stands for the picture while it rests; null while it does not. */
  #rest: { readonly track: MediaStreamTrack | null } | null = null;
  #closed = false;

  constructor(connection: RTCPeerConnection, options: LinesOptions) {
    this.#connection = connection;
    this.#options = options;
    this.#tracks = options.tracks;
  }

  get channelOpen(): boolean {
    return this.#channel?.readyState === "open";
  }

  /** Whether their picture is agreed on and may arrive. */
  get receivesVideo(): boolean {
    const direction = this.#video?.currentDirection;
    return direction === "sendrecv" || direction === "recvonly";
  }

  /** The initiator's beginning: two fixed media and the channel, so that nothing later needs a new medium. */
  open(): void {
    const streams = [this.#label];
    const sending = { direction: "sendrecv", streams } as const;
    this.#audio = this.#connection.addTransceiver(this.#tracks.audio ?? "audio", {
      ...sending,
      sendEncodings: [SOUND],
    });
    this.#video = this.#connection.addTransceiver(this.#tracks.video ?? "video", {
      ...sending,
      sendEncodings: [{ ...PICTURE, maxBitrate: this.#shape.maxBitrate }],
    });
    this.#openChannel();
  }

  /** The answering side uses the media of the first offer. */
  adopt(): void {
    for (const transceiver of this.#connection.getTransceivers()) {
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

  setTracks(tracks: LocalTracks): void {
    this.#tracks = tracks;
    this.#fill();
  }

  /**
   * Sends no picture while nothing arrives. What is sent into a hole would be asked for again at its end, since browsers
   * keep it for seconds, and pictures of that age make the other side's browser play all that follow seconds late.
   */
  setResting(resting: boolean): void {
    if (resting === (this.#rest !== null)) return;
    this.#rest?.track?.stop();
    this.#rest = resting ? { track: this.#tracks.video && blankTrack(this.#tracks.video) } : null;
    this.#fill();
  }

  setShape(shape: Shape): void {
    this.#shape = shape;
    void this.tune();
  }

  /** Whether the picture goes out. A change wants a negotiation; true when there was one. */
  setPicture(on: boolean): boolean {
    const direction = on ? "sendrecv" : "recvonly";
    if (!this.#video || this.#video.direction === "stopped" || this.#video.direction === direction)
      return false;
    this.#video.direction = direction;
    return true;
  }

  /**
   * The link has room for the whole picture. Browsers begin with a small one, because they begin with a small estimate,
   * and let it grow over half a minute; a change from "balanced" makes them forget that and show all of it at once.
   */
  setRoomy(): void {
    this.#roomy = true;
    void this.tune();
  }

  /** Sound before picture, and the picture no larger than its shape. */
  async tune(keyFrame = false): Promise<void> {
    if (this.#closed) return;
    const { scale: scaleResolutionDownBy, maxBitrate, maxFramerate } = this.#shape;
    await encode(this.#audio, SOUND);
    const picture = { ...PICTURE, maxBitrate, maxFramerate, scaleResolutionDownBy };
    // On a thin link too: a small picture that moves says more than a sharp one that stands.
    const moving = this.#roomy || this.#shape.rate !== "full";
    await encode(this.#video, picture, moving ? "maintain-framerate" : "balanced", keyFrame);
  }

  /** How long received sound waits before it is played, ms. Browsers without the word choose for themselves. */
  setPlayout(ms: number | null): void {
    const receiver: { jitterBufferTarget?: number | null } | undefined = this.#audio?.receiver;
    if (receiver && "jitterBufferTarget" in receiver) receiver.jitterBufferTarget = ms;
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
    this.#closed = true;
    this.#rest?.track?.stop();
    this.#channel?.close();
  }

  #openChannel(): void {
    const channel = this.#connection.createDataChannel(CHANNEL_LABEL, { negotiated: true, id: CHANNEL_ID });
    this.#channel = channel;
    channel.onopen = () => this.#options.onChannelOpen();
    channel.onmessage = ({ data }: MessageEvent<unknown>) => {
      const frame = readFrame(data);
      if (frame && !this.#closed) this.#options.onFrame(frame);
    };
  }

  #fill(): void {
    if (this.#closed) return;
    const pairs = [
      [this.#audio, this.#tracks.audio],
      [this.#video, this.#rest ? this.#rest.track : this.#tracks.video],
    ] as const;
    for (const [transceiver, track] of pairs) {
      if (!transceiver || transceiver.sender.track === track) continue;
      transceiver.sender.replaceTrack(track).catch(() => this.#options.onTrouble("replaceTrack"));
    }
  }
}
