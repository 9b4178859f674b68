/** The screen that this page shares. */

import { blockedBy, type MediaEnvironment } from "./media-errors";
import { stop } from "./media-view";

export class Screen {
  readonly #env: MediaEnvironment;
  readonly #onChange: () => void;
  #track: MediaStreamTrack | null = null;
  /** Rises with each end, so that what was asked before it is not used after it. */
  #epoch = 0;

  constructor(env: MediaEnvironment, onChange: () => void) {
    this.#env = env;
    this.#onChange = onChange;
  }

  get track(): MediaStreamTrack | null {
    return this.#track;
  }

  /** Opens the browser's own chooser; false when the person backs out of it. */
  async start(): Promise<boolean> {
    if (blockedBy(this.#env) || !navigator.mediaDevices.getDisplayMedia) return false;
    const epoch = this.#epoch;
    try {
      const stream = await navigator.mediaDevices.getDisplayMedia({
        video: { frameRate: { max: 15 } },
        audio: false,
      });
      const [track = null] = stream.getVideoTracks();
      if (!track || epoch !== this.#epoch) {
        stop(track);
        return false;
      }
      stop(this.#track);
      track.contentHint = "detail";
      // The browser's own "stop sharing" button ends the track.
      track.addEventListener("ended", () => this.#track === track && this.stop());
      this.#track = track;
      this.#onChange();
      return true;
    } catch {
      return false;
    }
  }

  stop(): void {
    this.#epoch += 1;
    stop(this.#track);
    this.#track = null;
    this.#onChange();
  }
}
