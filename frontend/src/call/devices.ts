/** Camera and microphone for a page, before and in a call. */

import { Devices } from "../rtc/media";
import type { LocalMedia } from "./types";

/** Nothing is asked of the browser before `acquire`, which wants a tap. */
export function createLocalMedia(): LocalMedia {
  return new Devices();
}
