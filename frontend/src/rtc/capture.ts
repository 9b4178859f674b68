/** Asking the browser for devices, one rung of the ladder after the other. */

import { blockedBy, causeOf, type MediaEnvironment } from "./media-errors";
import type { Acquired, AcquiredLevel, MediaCause, MediaProblem } from "./types";

export type Ask = (constraints: MediaStreamConstraints) => Promise<MediaStream>;

export interface VideoWish {
  readonly deviceId?: string | null;
  readonly facing?: "user" | "environment" | null;
}

export function audioConstraints(deviceId?: string | null): MediaTrackConstraints {
  return {
    echoCancellation: true,
    noiseSuppression: true,
    autoGainControl: true,
    ...(deviceId ? { deviceId: { exact: deviceId } } : {}),
  };
}

export function videoConstraints(wish: VideoWish, size: "hd" | "small" = "hd"): MediaTrackConstraints {
  const [width, height] = size === "hd" ? [1280, 720] : [640, 480];
  return {
    width: { ideal: width },
    height: { ideal: height },
    frameRate: { ideal: size === "hd" ? 30 : 15, max: 30 },
    ...(wish.deviceId ? { deviceId: { exact: wish.deviceId } } : {}),
    ...(!wish.deviceId && wish.facing ? { facingMode: { ideal: wish.facing } } : {}),
  };
}

export interface Captured extends Acquired {
  readonly audio: MediaStreamTrack | null;
  readonly video: MediaStreamTrack | null;
}

type Attempt = {
  readonly track: MediaStreamTrack | null;
  readonly cause: MediaCause | null;
  readonly small: boolean;
};

const NOTHING: Attempt = { track: null, cause: null, small: false };

async function microphone(ask: Ask, env: MediaEnvironment, deviceId: string | null): Promise<Attempt> {
  try {
    const stream = await ask({ audio: audioConstraints(deviceId) });
    return { track: stream.getAudioTracks()[0] ?? null, cause: null, small: false };
  } catch (error) {
    return { ...NOTHING, cause: causeOf(error, "microphone", env) };
  }
}

async function camera(ask: Ask, env: MediaEnvironment, wish: VideoWish): Promise<Attempt> {
  const rungs: readonly [VideoWish, "hd" | "small"][] = [
    [wish, "hd"],
    [wish, "small"],
    [{}, "small"],
  ];
  let cause: MediaCause | null = null;
  for (const [rung, size] of rungs) {
    try {
      const stream = await ask({ video: videoConstraints(rung, size) });
      return { track: stream.getVideoTracks()[0] ?? null, cause: null, small: size === "small" };
    } catch (error) {
      cause = causeOf(error, "camera", env);
      // Another size will not soften a person's no, nor find a camera that is not there.
      if (cause !== "unsuitable_device" && cause !== "camera_busy") break;
    }
  }
  return { ...NOTHING, cause };
}

export function levelOf(audio: boolean, video: boolean, small: boolean): AcquiredLevel {
  if (audio && video) return small ? "lower_video" : "full";
  if (audio) return "audio_only";
  return video ? "video_only" : "listen_only";
}

function problem(device: MediaProblem["device"], cause: MediaCause | null): readonly MediaProblem[] {
  return cause === null ? [] : [{ device, cause }];
}

/**
 * Both at once first, so that the person is asked one question; else each alone, so that one broken device does not
 * take the other with it. Never rejects.
 */
export async function capture(
  ask: Ask,
  env: MediaEnvironment,
  wish: { readonly audio: boolean; readonly video: boolean },
  chosen: { readonly microphoneId: string | null; readonly camera: VideoWish },
): Promise<Captured> {
  const blocked = blockedBy(env);
  if (blocked) {
    const problems = [
      ...(wish.audio ? problem("microphone", blocked) : []),
      ...(wish.video ? problem("camera", blocked) : []),
    ];
    return { audio: null, video: null, level: "listen_only", problems };
  }
  if (wish.audio && wish.video) {
    try {
      const stream = await ask({
        audio: audioConstraints(chosen.microphoneId),
        video: videoConstraints(chosen.camera),
      });
      const [audio = null] = stream.getAudioTracks();
      const [video = null] = stream.getVideoTracks();
      return { audio, video, level: levelOf(audio !== null, video !== null, false), problems: [] };
    } catch {
      // Each alone tells which one it was.
    }
  }
  const heard = wish.audio ? await microphone(ask, env, chosen.microphoneId) : NOTHING;
  const seen = wish.video ? await camera(ask, env, chosen.camera) : NOTHING;
  return {
    audio: heard.track,
    video: seen.track,
    level: levelOf(heard.track !== null, seen.track !== null, seen.small),
    problems: [...problem("microphone", heard.cause), ...problem("camera", seen.cause)],
  };
}
