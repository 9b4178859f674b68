/** Words shared by everything that handles media and connections. */

import type { Watched } from "./value";

/** What somebody says they send. `video` is the camera; `screen` is a shared screen in its place. */
export interface Media {
  readonly audio: boolean;
  readonly video: boolean;
  readonly screen: boolean;
  readonly recording: boolean;
}

export const NO_MEDIA: Media = { audio: false, video: false, screen: false, recording: false };

export function sameMedia(a: Media, b: Media): boolean {
  return a.audio === b.audio && a.video === b.video && a.screen === b.screen && a.recording === b.recording;
}

export interface IceServer {
  readonly urls: string | readonly string[];
  readonly username?: string | null;
  readonly credential?: string | null;
}

export interface Description {
  readonly type: "offer" | "answer" | "pranswer";
  readonly sdp: string;
}

export interface Candidate {
  readonly candidate: string;
  readonly sdpMid: string | null;
  readonly sdpMLineIndex: number | null;
  readonly usernameFragment: string | null;
}

/** What one side of a media session tells the other by way of the server. */
export interface Signal {
  readonly session: string;
  readonly description?: Description;
  readonly candidates?: readonly Candidate[];
}

/** The tracks being sent now; null where nothing is sent. */
export interface LocalTracks {
  readonly audio: MediaStreamTrack | null;
  readonly video: MediaStreamTrack | null;
}

/** The way packets really take, from the selected candidate pair. */
export interface MediaPath {
  readonly kind: "direct" | "relay";
  readonly protocol: "udp" | "tcp" | "tls";
}

/** Figures of one interval: shares are 0..1, times milliseconds, bitrates bit/s; null is "not known". */
export interface QualityFigures {
  readonly rtt_ms: number | null;
  readonly jitter_ms: number | null;
  readonly loss_in: number | null;
  readonly loss_out: number | null;
  readonly concealed: number | null;
  readonly freezes: number | null;
  readonly freeze_ms: number | null;
  readonly fps: number | null;
  readonly width: number | null;
  readonly height: number | null;
  readonly bitrate_in: number | null;
  readonly bitrate_out: number | null;
  readonly limitation: "none" | "cpu" | "bandwidth" | "other" | null;
  readonly restarts: number | null;
}

/** Why media stopped: the network changed, nothing came though all looked well, or the connection said so itself. */
export type InterruptionCause = "network_changed" | "silence" | "disconnected" | "failed";

/** A time without media, as this side saw it. The same `id` is the same interruption, told again. */
export interface Interruption {
  /** A UUID. */
  readonly id: string;
  readonly cause: InterruptionCause;
  /** How long before now it began. */
  readonly agoMs: number;
  /** Null while it lasts. */
  readonly durationMs: number | null;
  /** ICE restarts tried in it. */
  readonly restarts: number;
}

export type Grade = "good" | "fair" | "poor";

/** Why a call is not good, as a translation key: which side is weak, or what else is in the way. */
export type QualityHint =
  | "you_send_weakly"
  | "they_send_weakly"
  | "both_weak"
  | "slow_path"
  | "device_busy"
  | "nothing_arrives";

export interface Quality {
  readonly grade: Grade;
  /** Null while all is well. */
  readonly hint: QualityHint | null;
  readonly path: MediaPath | null;
  readonly figures: QualityFigures;
}

/** Why a device could not be used; each has its own remedy in words (translation key `media.<cause>`). */
export type MediaCause =
  | "permission_denied"
  | "permission_denied_by_system"
  | "permission_dismissed"
  | "camera_busy"
  | "microphone_busy"
  | "no_device"
  | "device_lost"
  | "insecure_origin"
  | "in_app_browser"
  | "unsupported_browser"
  | "unsuitable_device"
  | "failed";

export interface MediaProblem {
  readonly device: "camera" | "microphone";
  readonly cause: MediaCause;
}

export type DeviceState =
  /** Not asked for, or switched off: its light is out. */
  | { readonly is: "off" }
  | { readonly is: "starting" }
  | { readonly is: "on"; readonly deviceId: string; readonly label: string }
  /** Microphone only: captured, but silent. */
  | { readonly is: "muted"; readonly deviceId: string; readonly label: string }
  | { readonly is: "failed"; readonly cause: MediaCause };

export interface DeviceInfo {
  readonly id: string;
  /** Empty until a permission was given once. */
  readonly label: string;
}

export interface DeviceList {
  readonly cameras: readonly DeviceInfo[];
  readonly microphones: readonly DeviceInfo[];
  /** Empty where the browser cannot choose one. */
  readonly speakers: readonly DeviceInfo[];
}

/** How far the ladder got: the best first. */
export type AcquiredLevel = "full" | "lower_video" | "audio_only" | "video_only" | "listen_only";

export interface Acquired {
  readonly level: AcquiredLevel;
  /** Empty with `full`. */
  readonly problems: readonly MediaProblem[];
}

export interface LocalMediaView {
  readonly microphone: DeviceState;
  readonly camera: DeviceState;
  readonly screen: boolean;
  /** What the own tile plays (camera or screen, never sound), null when there is nothing to show. */
  readonly picture: MediaStream | null;
  /** Which way the camera looks; null when the browser does not say (most desktops). */
  readonly facing: "user" | "environment" | null;
  /** Show the own picture as in a mirror: own camera, but not one that looks away and no screen. */
  readonly mirrored: boolean;
  /** The microphone is captured and on, but nothing at all has been heard from it for some seconds. */
  readonly silent: boolean;
  /** Muted, yet somebody is speaking into it. */
  readonly mutedWhileSpeaking: boolean;
  /** The microphone is on, but something else has it for now: a telephone call, say. It comes back by itself. */
  readonly interrupted: boolean;
}

/** Camera, microphone and shared screen of this page. Nothing is asked of the browser before `acquire`. */
export interface LocalMedia {
  readonly view: Watched<LocalMediaView>;
  /** What a connection should send now: camera or screen, and the microphone. */
  readonly tracks: Watched<LocalTracks>;
  readonly devices: Watched<DeviceList>;
  /** Microphone level 0..1, about 10 times a second while a meter runs. */
  readonly level: Watched<number>;

  /** Asks for devices (call it from a tap). Steps down by itself; never rejects. Safe to repeat after a failure. */
  acquire(wish: { audio: boolean; video: boolean }): Promise<Acquired>;
  setMicrophone(on: boolean): Promise<void>;
  /** Off stops the camera for real; on acquires it again. No renegotiation happens. */
  setCamera(on: boolean): Promise<void>;
  chooseCamera(deviceId: string): Promise<void>;
  chooseMicrophone(deviceId: string): Promise<void>;
  /** Front to back and back. */
  flipCamera(): Promise<void>;
  /** Opens the browser's own chooser; resolves to false when the person backs out of it. */
  startScreen(): Promise<boolean>;
  stopScreen(): void;
  /** Lists devices again; also happens by itself when something is plugged in or out. */
  refreshDevices(): Promise<void>;
  /** Starts the level meter; call it from a tap, browsers keep sound processing asleep before. */
  startMeter(): void;
  /** Stops every track and the meter. The object may be used again with `acquire`. */
  release(): void;
}
