/**
 * A small RTCPeerConnection in memory for tests: the signaling states of the standard with their implicit rollback, and
 * a connection that stands as soon as both sides agree. No media flows. Real browsers prove the rest.
 */

type Kind = "audio" | "video";

class FakeTrack extends EventTarget {
  readonly kind: Kind;
  readyState = "live";
  constructor(kind: Kind) {
    super();
    this.kind = kind;
  }
  stop(): void {
    this.readyState = "ended";
  }
}

class FakeStream {
  #tracks: FakeTrack[] = [];
  getTracks(): FakeTrack[] {
    return [...this.#tracks];
  }
  addTrack(track: FakeTrack): void {
    this.#tracks.push(track);
  }
  removeTrack(track: FakeTrack): void {
    this.#tracks = this.#tracks.filter((other) => other !== track);
  }
}

class FakeSender {
  track: FakeTrack | null;
  constructor(track: FakeTrack | null) {
    this.track = track;
  }
  async replaceTrack(track: FakeTrack | null): Promise<void> {
    this.track = track;
  }
  setStreams(): void {}
  getParameters(): { encodings: object[] } {
    return { encodings: [{}] };
  }
  async setParameters(): Promise<void> {}
}

class FakeTransceiver {
  readonly sender: FakeSender;
  readonly receiver: { readonly track: FakeTrack };
  currentDirection: string | null = null;
  readonly #owner: FakeConnection;
  #direction: string;
  constructor(owner: FakeConnection, kind: Kind, track: FakeTrack | null, direction: string) {
    this.#owner = owner;
    this.sender = new FakeSender(track);
    this.receiver = { track: new FakeTrack(kind) };
    this.#direction = direction;
  }
  get direction(): string {
    return this.#direction;
  }
  set direction(next: string) {
    if (next === this.#direction) return;
    this.#direction = next;
    this.#owner.needNegotiation();
  }
}

class FakeChannel {
  readyState: "connecting" | "open" | "closed" = "connecting";
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  other: FakeChannel | null = null;
  join(other: FakeChannel): void {
    this.other = other;
    this.readyState = "open";
    queueMicrotask(() => this.onopen?.());
  }
  send(data: string): void {
    const { other } = this;
    queueMicrotask(() => other?.onmessage?.({ data }));
  }
  close(): void {
    this.readyState = "closed";
  }
}

interface FakeDescription {
  readonly type: string;
  readonly sdp: string;
}

let count = 0;
const everybody = new Map<number, FakeConnection>();

const ownerOf = (sdp: string | undefined) => everybody.get(Number(/o=(\d+)/.exec(sdp ?? "")?.[1]));

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
  #generation = 1;
  #needed = false;
  /** An offer of ours was taken back, and what it wanted is still wanted. */
  #rolledBack = false;

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
    const made = new FakeTransceiver(this, track?.kind ?? (what as Kind), track, direction);
    this.#transceivers.push(made);
    this.needNegotiation();
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
    this.#generation += 1;
    this.needNegotiation();
  }
  async getStats(): Promise<Map<string, object>> {
    return new Map();
  }

  async setLocalDescription(): Promise<void> {
    await null;
    if (this.signalingState === "closed") throw new Error("closed");
    const sdp = `o=${this.id}\r\na=ice-ufrag:${this.id}.${this.#generation}\r\n`;
    if (this.signalingState === "have-remote-offer") {
      this.currentLocalDescription = { type: "answer", sdp };
      this.currentRemoteDescription = this.pendingRemoteDescription;
      // The answer holds every direction as it is now.
      this.#needed = this.#rolledBack;
      this.#rolledBack = false;
      this.#settle();
    } else {
      this.pendingLocalDescription = { type: "offer", sdp };
      this.#enter("have-local-offer");
      const candidate = { candidate: "candidate:1", sdpMid: "0", sdpMLineIndex: 0, usernameFragment: null };
      queueMicrotask(() => this.onicecandidate?.({ candidate }));
    }
  }

  async setRemoteDescription(description: FakeDescription): Promise<void> {
    await null;
    if (description.type === "answer") {
      if (this.signalingState !== "have-local-offer") throw new Error("InvalidStateError");
      this.currentLocalDescription = this.pendingLocalDescription;
      this.currentRemoteDescription = description;
      this.#settle();
      return;
    }
    if (this.signalingState === "have-local-offer") {
      // The implicit rollback: what we wanted is still wanted afterwards.
      this.pendingLocalDescription = null;
      this.#rolledBack = true;
    }
    this.pendingRemoteDescription = description;
    // A restart of theirs is answered by a new generation of ours.
    if (this.currentRemoteDescription && this.currentRemoteDescription.sdp !== description.sdp)
      this.#generation += 1;
    if (this.#transceivers.length === 0) {
      for (const kind of ["audio", "video"] as const) {
        this.#transceivers.push(new FakeTransceiver(this, kind, null, "recvonly"));
      }
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

  needNegotiation(): void {
    this.#needed = true;
    queueMicrotask(() => this.#negotiateIfNeeded());
  }

  #negotiateIfNeeded(): void {
    if (!this.#needed || this.signalingState !== "stable") return;
    this.#needed = false;
    this.onnegotiationneeded?.();
  }

  #enter(state: string): void {
    this.signalingState = state;
    this.onsignalingstatechange?.();
  }

  #settle(): void {
    this.pendingLocalDescription = null;
    this.pendingRemoteDescription = null;
    for (const transceiver of this.#transceivers) {
      transceiver.currentDirection = transceiver.direction;
      this.ontrack?.({ track: transceiver.receiver.track });
    }
    this.#enter("stable");
    queueMicrotask(() => this.#negotiateIfNeeded());
    this.#connect();
  }

  #connect(): void {
    const other = ownerOf(this.currentRemoteDescription?.sdp);
    if (!other || ownerOf(other.currentRemoteDescription?.sdp) !== this) return;
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
