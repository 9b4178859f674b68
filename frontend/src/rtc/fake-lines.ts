/** The parts of the connection in memory: tracks, lines and the channel, and the words that describe them. */

export type Kind = "audio" | "video";

export class FakeTrack extends EventTarget {
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

export class FakeStream {
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
  /** What was set last, and with which options. */
  parameters: unknown = null;
  options: unknown = null;
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
  async setParameters(parameters: unknown, options?: object): Promise<void> {
    this.parameters = parameters;
    // Reads every word of them, as a browser that knows them does.
    this.options = options ? { ...options } : null;
  }
}

export class FakeTransceiver {
  readonly sender: FakeSender;
  readonly receiver: { readonly track: FakeTrack };
  currentDirection: string | null = null;
  readonly #changed: () => void;
  #direction: string;
  constructor(kind: Kind, track: FakeTrack | null, direction: string, changed: () => void) {
    this.sender = new FakeSender(track);
    this.receiver = { track: new FakeTrack(kind) };
    this.#direction = direction;
    this.#changed = changed;
  }
  get direction(): string {
    return this.#direction;
  }
  set direction(next: string) {
    if (next === this.#direction) return;
    this.#direction = next;
    this.#changed();
  }
}

export class FakeChannel {
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

const SENDS = ["sendrecv", "sendonly"];
const RECEIVES = ["sendrecv", "recvonly"];

function direction(sends: boolean, receives: boolean): string {
  if (sends) return receives ? "sendrecv" : "sendonly";
  return receives ? "recvonly" : "inactive";
}

/** The same line as the other side sees it. */
export function reversed(word: string): string {
  return direction(RECEIVES.includes(word), SENDS.includes(word));
}

/** What of our wish an offer leaves. */
export function answering(wish: string, offered: string): string {
  const leave = reversed(offered);
  return direction(
    SENDS.includes(wish) && SENDS.includes(leave),
    RECEIVES.includes(wish) && RECEIVES.includes(leave),
  );
}

export function describing(
  owner: number,
  generation: number,
  setup: string,
  words: readonly string[],
): string {
  const [sound = "inactive", picture = "inactive"] = words;
  return [
    "v=0",
    `o=${owner}`,
    `a=ice-ufrag:${owner}.${generation}`,
    `a=setup:${setup}`,
    "m=audio 9 UDP/TLS/RTP/SAVPF 111 63",
    `a=${sound}`,
    "a=rtpmap:111 opus/48000/2",
    "a=fmtp:111 minptime=10;useinbandfec=1",
    "a=rtpmap:63 red/48000/2",
    "m=video 9 UDP/TLS/RTP/SAVPF 96",
    `a=${picture}`,
    "a=rtpmap:96 VP8/90000",
    "a=rtcp-fb:96 nack",
    "a=rtcp-fb:96 nack pli",
    "",
  ].join("\r\n");
}

/** The directions of a description's media, in their order. */
export function directionsOf(sdp: string | undefined): string[] {
  const found = (sdp ?? "").matchAll(/^a=(sendrecv|sendonly|recvonly|inactive)\r?$/gm);
  return [...found].map(([, word]) => word ?? "");
}

export function ownerOf(sdp: string | undefined): number {
  return Number(/^o=(\d+)/m.exec(sdp ?? "")?.[1]);
}

export function ufragOf(sdp: string | undefined): string | undefined {
  return /^a=ice-ufrag:(\S+)/m.exec(sdp ?? "")?.[1];
}

/** Refuses what browsers refuse: an answer that leaves the handshake open, or takes more than was offered. */
export function checkAnswer(offer: string | undefined, answer: string): void {
  if (!/^a=setup:(active|passive)\r?$/m.test(answer)) throw new Error("setup");
  const answered = directionsOf(answer);
  const offered = directionsOf(offer);
  if (answered.length !== offered.length) throw new Error("media");
  if (answered.some((word, at) => answering(word, offered[at] ?? "") !== word)) throw new Error("direction");
}
