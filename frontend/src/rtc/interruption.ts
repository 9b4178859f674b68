/**
 * A microphone that something else has taken for a while, such as a telephone call: noticed, and asked for again when
 * the person looks at the page. Asked for a few times only: a microphone that the system keeps mute stays mute.
 */

const TRIES_MS = [1_000, 4_000, 15_000] as const;

export class Interruption {
  readonly #onChange: (interrupted: boolean) => void;
  readonly #regain: () => Promise<void>;
  #track: MediaStreamTrack | null = null;
  #interrupted = false;
  #tries = 0;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(onChange: (interrupted: boolean) => void, regain: () => Promise<void>) {
    this.#onChange = onChange;
    this.#regain = regain;
  }

  /** From now on this track, or none. */
  watch(track: MediaStreamTrack | null): void {
    this.#track?.removeEventListener("mute", this.#look);
    this.#track?.removeEventListener("unmute", this.#lookAnew);
    this.#track = track;
    track?.addEventListener("mute", this.#look);
    track?.addEventListener("unmute", this.#lookAnew);
    globalThis.document?.removeEventListener("visibilitychange", this.#lookAnew);
    if (track) globalThis.document?.addEventListener("visibilitychange", this.#lookAnew);
    else this.#tries = 0;
    this.#look();
  }

  readonly #look = (): void => {
    const interrupted = this.#track?.muted === true;
    this.#wait(interrupted);
    if (interrupted === this.#interrupted) return;
    this.#interrupted = interrupted;
    this.#onChange(interrupted);
  };

  readonly #lookAnew = (): void => {
    this.#tries = 0;
    this.#look();
  };

  #wait(interrupted: boolean): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const after = TRIES_MS[this.#tries];
    if (!interrupted || after === undefined || globalThis.document?.visibilityState === "hidden") return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#tries += 1;
      const asked = this.#track;
      // A new track is watched by now; the old one means that whoever has the microphone keeps it.
      void this.#regain().then(() => this.#track === asked && this.#look());
    }, after);
  }
}
