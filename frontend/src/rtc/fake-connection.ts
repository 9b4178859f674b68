/**
 * A small RTCPeerConnection in memory for tests: the signaling states of the standard with their implicit rollback, its
 * rules of when a negotiation is needed and when an ICE generation is new, and a connection that stands as soon as both
 * sides agree. No media flows. Real browsers prove the rest.
 */

import {
  answering,
  checkAnswer,
  describing,
  directionsOf,
  FakeChannel,
  FakeStream,
  FakeTrack,
  FakeTransceiver,
  type Kind,
  ownerOf,
  reversed,
  ufragOf,
} from "./fake-lines";

interface FakeDescription {
  readonly type: string;
  readonly sdp: string;
}

let count = 0;
const everybody = new Map<number, FakeConnection>();

export class FakeConnection {
  readonly id: number;
  signalingState = "stable";
  connectionState = "new";
  currentLocalDescription: FakeDescription | null = null;
  pendingLocalDescription: FakeDescription | null = null;
  currentRemoteDescription: FakeDescription | null = null;
  pendingRemoteDescription: FakeDescription | null = null;
  onnegotiationneeded: (() => void) | null = null;
  onicecandidate: ((event: { candidate: object | null }) => void) | null = null;
  onconnectionstatechange: (() => void) | null = null;
  ontrack: ((event: { track: FakeTrack }) => void) | null = null;
  onsignalingstatechange: (() => void) | null = null;
  readonly candidates: unknown[] = [];
  configuration: unknown;
  channel: FakeChannel | null = null;
  #transceivers: FakeTransceiver[] = [];
  /** The ICE generation that is agreed on, the one of a pending offer, and the newest that is to be replaced. */
  #generation = 1;
  #offered = 1;
  #replaced = 0;
  #needed = false;

  constructor(configuration?: unknown) {
    this.configuration = configuration;
    count += 1;
    this.id = count;
    everybody.set(this.id, this);
  }

  get localDescription(): FakeDescription | null {
    return this.pendingLocalDescription ?? this.currentLocalDescription;
  }
  get remoteDescription(): FakeDescription | null {
    return this.pendingRemoteDescription ?? this.currentRemoteDescription;
  }

  addTransceiver(what: Kind | FakeTrack, { direction }: { direction: string }): FakeTransceiver {
    const track = typeof what === "string" ? null : what;
    const made = this.#make(track?.kind ?? (what as Kind), track, direction);
    this.#updateNeed();
    return made;
  }
  getTransceivers(): FakeTransceiver[] {
    return this.#transceivers;
  }
  createDataChannel(): FakeChannel {
    this.channel = new FakeChannel();
    return this.channel;
  }
  setConfiguration(configuration: unknown): void {
    this.configuration = configuration;
  }
  restartIce(): void {
    if (this.localDescription)
      this.#replaced = this.pendingLocalDescription ? this.#offered : this.#generation;
    this.#updateNeed();
  }
  async getStats(): Promise<Map<string, object>> {
    return new Map();
  }

  async setLocalDescription(description?: { readonly type: string }): Promise<void> {
    await null;
    if (this.signalingState === "closed") throw new Error("closed");
    const wishes = this.#transceivers.map(({ direction }) => direction);
    if (description?.type === "rollback") {
      this.pendingLocalDescription = null;
      this.#becomeStable();
    } else if (this.signalingState === "have-remote-offer") {
      const theirs = this.pendingRemoteDescription;
      const offered = directionsOf(theirs?.sdp);
      const restarted =
        this.currentRemoteDescription && ufragOf(this.currentRemoteDescription.sdp) !== ufragOf(theirs?.sdp);
      if (restarted) this.#generation = Math.max(this.#generation, this.#replaced) + 1;
      const words = wishes.map((wish, at) => answering(wish, offered[at] ?? ""));
      const sdp = describing(this.id, this.#generation, "active", words);
      this.currentLocalDescription = { type: "answer", sdp };
      this.currentRemoteDescription = theirs;
      this.#settle(words);
    } else {
      const isNew = this.currentLocalDescription === null || this.#generation <= this.#replaced;
      this.#offered = this.#generation <= this.#replaced ? this.#replaced + 1 : this.#generation;
      const sdp = describing(this.id, this.#offered, "actpass", wishes);
      this.pendingLocalDescription = { type: "offer", sdp };
      this.#enter("have-local-offer");
      const candidate = { candidate: "candidate:1", sdpMid: "0", sdpMLineIndex: 0, usernameFragment: null };
      if (isNew) queueMicrotask(() => this.onicecandidate?.({ candidate }));
    }
  }

  async setRemoteDescription(description: FakeDescription): Promise<void> {
    await null;
    if (description.type === "answer") {
      if (this.signalingState !== "have-local-offer") throw new Error("InvalidStateError");
      checkAnswer(this.pendingLocalDescription?.sdp, description.sdp);
      this.currentLocalDescription = this.pendingLocalDescription;
      this.currentRemoteDescription = description;
      this.#generation = this.#offered;
      this.#settle(directionsOf(description.sdp).map(reversed));
      return;
    }
    // The implicit rollback: what we wanted is still wanted afterwards.
    this.pendingLocalDescription = null;
    this.pendingRemoteDescription = description;
    if (this.#transceivers.length === 0) {
      for (const kind of ["audio", "video"] as const) this.#make(kind, null, "recvonly");
    }
    this.#enter("have-remote-offer");
  }

  async addIceCandidate(candidate: unknown): Promise<void> {
    this.candidates.push(candidate);
  }

  /** Sets the state as a lost or regained network would. */
  become(state: string): void {
    this.connectionState = state;
    this.onconnectionstatechange?.();
  }

  close(): void {
    this.signalingState = "closed";
    this.connectionState = "closed";
    everybody.delete(this.id);
  }

  #make(kind: Kind, track: FakeTrack | null, direction: string): FakeTransceiver {
    const made = new FakeTransceiver(kind, track, direction, () => this.#updateNeed());
    this.#transceivers.push(made);
    return made;
  }

  /** The standard's "check if negotiation is needed". */
  #isNeeded(): boolean {
    const { currentLocalDescription: local, currentRemoteDescription: remote } = this;
    if (!local || this.#generation <= this.#replaced) return this.#transceivers.length > 0;
    const ours = directionsOf(local.sdp);
    const theirs = directionsOf(remote?.sdp);
    return this.#transceivers.some(({ direction }, at) => {
      const word = theirs[at] ?? "";
      if (local.type === "answer") return answering(direction, word) !== ours[at];
      return direction !== ours[at] && direction !== reversed(word);
    });
  }

  /** Said by a task of its own, as browsers do, and once until it is stable again. */
  #updateNeed(): void {
    if (this.signalingState !== "stable" || this.#needed || !this.#isNeeded()) return;
    this.#needed = true;
    setTimeout(() => {
      if (this.signalingState === "stable" && this.#isNeeded()) this.onnegotiationneeded?.();
    }, 0);
  }

  #enter(state: string): void {
    this.signalingState = state;
    this.onsignalingstatechange?.();
  }

  #becomeStable(): void {
    this.#enter("stable");
    this.#needed = false;
    this.#updateNeed();
  }

  #settle(directions: readonly string[]): void {
    this.pendingLocalDescription = null;
    this.pendingRemoteDescription = null;
    this.#transceivers.forEach((transceiver, at) => {
      transceiver.currentDirection = directions[at] ?? null;
      this.ontrack?.({ track: transceiver.receiver.track });
    });
    this.#becomeStable();
    this.#connect();
  }

  #connect(): void {
    const other = everybody.get(ownerOf(this.currentRemoteDescription?.sdp));
    if (!other || everybody.get(ownerOf(other.currentRemoteDescription?.sdp)) !== this) return;
    for (const side of [this, other]) if (side.connectionState !== "connected") side.become("connected");
    if (this.channel && other.channel && !this.channel.other) {
      this.channel.join(other.channel);
      other.channel.join(this.channel);
    }
  }
}

/** Puts the fakes where the browser's own would be. Returns the connections as they are made, and how to take them out. */
export function fakeBrowser(): { readonly made: FakeConnection[]; restore(): void } {
  const made: FakeConnection[] = [];
  class Recorded extends FakeConnection {
    constructor(configuration?: unknown) {
      super(configuration);
      made.push(this);
    }
  }
  const before = { RTCPeerConnection: globalThis.RTCPeerConnection, MediaStream: globalThis.MediaStream };
  Object.assign(globalThis, { RTCPeerConnection: Recorded, MediaStream: FakeStream });
  return { made, restore: () => void Object.assign(globalThis, before) };
}

export function fakeTrack(kind: Kind): MediaStreamTrack {
  return new FakeTrack(kind) as unknown as MediaStreamTrack;
}
