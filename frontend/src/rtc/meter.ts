/** The microphone's level, and what it tells: dead silence, or speaking while muted. */

import { Value, type Watched } from "./value";

const PERIOD_MS = 100;
/** Root mean square under which a microphone is dead, not quiet: rooms always hum a little. */
const DEAD = 0.000_2;
const DEAD_FOR = 50;
const SPEECH = 0.02;
const SPEECH_FOR = 8;

export interface Hearing {
  readonly deadLooks: number;
  readonly speechLooks: number;
}

export const DEAF: Hearing = { deadLooks: 0, speechLooks: 0 };

/** One look at the root mean square (0..1). Pauses between words do not end speech at once. */
export function hear(before: Hearing, rms: number): Hearing {
  return {
    deadLooks: rms < DEAD ? before.deadLooks + 1 : 0,
    speechLooks: rms >= SPEECH ? Math.min(20, before.speechLooks + 1) : Math.max(0, before.speechLooks - 0.5),
  };
}

export function isDead(hearing: Hearing): boolean {
  return hearing.deadLooks >= DEAD_FOR;
}

export function isSpeech(hearing: Hearing): boolean {
  return hearing.speechLooks >= SPEECH_FOR;
}

/** A level people can read: quiet speech is a third, loud speech is full. */
export function shownLevel(rms: number): number {
  const decibel = 20 * Math.log10(Math.max(rms, 1e-5));
  return Math.min(1, Math.max(0, (decibel + 60) / 50));
}

function rmsOf(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return Math.sqrt(sum / samples.length);
}

/** Listens to one track at a time. It hears a copy, so it goes on hearing while the sent track is muted. */
export class Meter {
  readonly #level = new Value(0);
  readonly #onHearing: (hearing: Hearing) => void;
  #context: AudioContext | null = null;
  #source: MediaStreamAudioSourceNode | null = null;
  #copy: MediaStreamTrack | null = null;
  #timer: ReturnType<typeof setInterval> | null = null;

  constructor(onHearing: (hearing: Hearing) => void) {
    this.#onHearing = onHearing;
  }

  get level(): Watched<number> {
    return this.#level;
  }

  get running(): boolean {
    return this.#context !== null;
  }

  /** Call it from a tap. Without sound processing in the browser nothing happens. */
  start(track: MediaStreamTrack | null): void {
    if (typeof AudioContext === "undefined") return;
    this.#context ??= new AudioContext();
    void this.#context.resume().catch(() => undefined);
    this.listenTo(track);
  }

  /** Changes the track; null listens to nothing until the next one. */
  listenTo(track: MediaStreamTrack | null): void {
    this.#detach();
    const context = this.#context;
    if (!context || !track || track.readyState === "ended") return;
    this.#copy = track.clone();
    this.#copy.enabled = true;
    this.#source = context.createMediaStreamSource(new MediaStream([this.#copy]));
    const analyser = context.createAnalyser();
    analyser.fftSize = 2048;
    this.#source.connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    let hearing = DEAF;
    this.#timer = setInterval(() => {
      if (context.state !== "running") return;
      analyser.getFloatTimeDomainData(samples);
      const rms = rmsOf(samples);
      hearing = hear(hearing, rms);
      this.#level.set(shownLevel(rms));
      this.#onHearing(hearing);
    }, PERIOD_MS);
  }

  stop(): void {
    this.#detach();
    void this.#context?.close().catch(() => undefined);
    this.#context = null;
  }

  #detach(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    this.#source?.disconnect();
    this.#source = null;
    this.#copy?.stop();
    this.#copy = null;
    this.#level.set(0);
  }
}
