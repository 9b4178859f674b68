/** What the other side said last, kept as it has to be told to our browser. */

import { ranked } from "./sdp";
import {
  asAnswer,
  heard,
  opposite,
  type Setup,
  type Sound,
  setupOf,
  takesPicture,
  withoutRepeats,
} from "./sound";
import type { Candidate } from "./types";

export class TheirWord {
  #sdp: string | null = null;
  /** Their part in the DTLS handshake. */
  #setup: Setup | null = null;
  /** How often they have changed their ICE credentials. */
  #generation = 0;

  /** Whether our browser is told that they do not ask for lost pictures again. */
  forgetting = false;

  get takesPicture(): boolean {
    return takesPicture(this.#sdp ?? "");
  }

  /** A new description of theirs, as our browser is told it; `restarts` begins a new ICE generation. */
  hear(sdp: string, restarts: boolean, sound: Sound): string {
    if (restarts) this.#generation += 1;
    return this.#told(ranked(sdp, this.#generation), sound);
  }

  /** Our browser has taken it. */
  keep(sdp: string): void {
    this.#sdp = ranked(sdp, this.#generation);
    this.#setup = setupOf(sdp) ?? this.#setup;
  }

  /** Our answer to their offer settles who does what in the handshake. */
  answered(ours: string | undefined): void {
    const setup = setupOf(ours);
    this.#setup = setup && opposite(setup);
  }

  /** What they would answer to the same offer again; null before anything stands. */
  again(sound: Sound, picture: boolean): string | null {
    if (this.#sdp === null || this.#setup === null) return null;
    return asAnswer(this.#told(this.#sdp, sound), this.#setup, picture);
  }

  candidate(candidate: Candidate): Candidate {
    return { ...candidate, candidate: ranked(candidate.candidate, this.#generation) };
  }

  #told(sdp: string, sound: Sound): string {
    const told = heard(sdp, sound);
    return this.forgetting ? withoutRepeats(told) : told;
  }
}
