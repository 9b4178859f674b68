/** How much is sent: the picture's rung and the sound's words together. */

import { RUNGS, type Rung } from "./rungs";
import { FULL_SOUND, type Sound } from "./sound";

export interface Shape extends Rung {
  readonly sound: Sound;
}

export const BEST: Shape = { ...(RUNGS[0] as Rung), sound: FULL_SOUND };
