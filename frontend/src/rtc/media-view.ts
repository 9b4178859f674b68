/** What is shown of the devices. Pure. */

import type { Captured } from "./capture";
import type { Acquired, DeviceState, LocalMediaView, LocalTracks, Media, MediaCause } from "./types";

export const OFF: DeviceState = { is: "off" };
export const IDLE: LocalMediaView = {
  microphone: OFF,
  camera: OFF,
  screen: false,
  picture: null,
  facing: null,
  mirrored: false,
  silent: false,
  mutedWhileSpeaking: false,
  interrupted: false,
};
export const NO_TRACKS: LocalTracks = { audio: null, video: null };

export function facingOf(track: MediaStreamTrack | null): LocalMediaView["facing"] {
  const mode = track?.getSettings().facingMode;
  return mode === "user" || mode === "environment" ? mode : null;
}

export function identify(track: MediaStreamTrack): { deviceId: string; label: string } {
  return { deviceId: track.getSettings().deviceId ?? "", label: track.label };
}

export function failed(cause: MediaCause): DeviceState {
  return { is: "failed", cause };
}

/** What others are told of the devices. */
export function said({ microphone, camera, screen, interrupted }: LocalMediaView): Media {
  return {
    audio: microphone.is === "on" && !interrupted,
    video: camera.is === "on",
    screen,
    recording: false,
  };
}

export interface Held {
  readonly audio: MediaStreamTrack | null;
  readonly camera: MediaStreamTrack | null;
  readonly screen: MediaStreamTrack | null;
  readonly microphoneOn: boolean;
}

/** How the devices stand; a failure stays shown until the device is there or was switched off. */
export function standing(
  held: Held,
  shown: LocalMediaView,
): Pick<LocalMediaView, "microphone" | "camera" | "screen" | "facing" | "mirrored"> {
  const { audio, camera, screen, microphoneOn } = held;
  const facing = facingOf(camera);
  const missing = (state: DeviceState): DeviceState => (state.is === "failed" ? state : OFF);
  return {
    microphone: audio ? { is: microphoneOn ? "on" : "muted", ...identify(audio) } : missing(shown.microphone),
    camera: camera ? { is: "on", ...identify(camera) } : missing(shown.camera),
    screen: screen !== null,
    facing,
    mirrored: screen === null && camera !== null && facing !== "environment",
  };
}

export function stop(track: MediaStreamTrack | null): void {
  track?.stop();
}

export function discard(got: Captured): Acquired {
  stop(got.audio);
  stop(got.video);
  return { level: "listen_only", problems: [] };
}

export function causeIn(got: Captured, device: "camera" | "microphone"): MediaCause | null {
  return got.problems.find((found) => found.device === device)?.cause ?? null;
}
