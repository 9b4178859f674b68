/** A picture of nothing, which sends no frame. */

const SHARP: readonly string[] = ["detail", "text"];

/**
 * Takes a picture's place while nothing is to be sent. Of the two kinds, moving and sharp, it is the other one, so that
 * Chromium makes the sending anew when it comes and when it goes, and with that forgets the packets it would send again.
 *
 * Null where a page cannot make one.
 */
export function blankTrack(insteadOf: MediaStreamTrack): MediaStreamTrack | null {
  if (typeof document === "undefined") return null;
  const canvas = document.createElement("canvas");
  // Firefox lends no stream from a canvas nobody has ever drawn on.
  canvas.getContext("2d");
  const track = canvas.captureStream?.(0).getVideoTracks()[0];
  if (!track) return null;
  track.contentHint = SHARP.includes(insteadOf.contentHint) ? "motion" : "detail";
  return track;
}
