/** From what a page sees to the one cause that a person can do something about. Pure. */
import type { Cause } from "../../api/types";
import type { MediaCause } from "../../call";
import type { NetworkVerdict } from "../../call/paths";
import type { Key } from "../../i18n";

/** A device that is off by more shows wrong hours and refuses certificates. */
export const SKEW_MS = 5 * 60_000;
/** Kbit/s below which even a small picture stutters, one way or the other. */
export const SLOW_KBPS = { down: 300, up: 200 } as const;

/** What a page sees at one moment. */
export interface Sight {
  /** The code of a refusal, by the link or by the socket. */
  readonly refusal: string | null;
  /** Another page or device has the seat. */
  readonly takenOver: boolean;
  /** The line to the server does not come about: nothing answers, or everything but websockets. */
  readonly line: "ok" | "silent" | "no_websocket";
  readonly microphone: MediaCause | null;
  readonly camera: MediaCause | null;
  /** The microphone is on and picks up nothing. */
  readonly silent: boolean;
  readonly network: NetworkVerdict | null;
  /** Of the media: none yet, up, or not coming about for a while. */
  readonly media: "none" | "up" | "stuck";
  /** Pictures that should come do not. */
  readonly frozen: boolean;
  readonly clockOffsetMs: number;
}

export const CLEAR: Sight = {
  refusal: null,
  takenOver: false,
  line: "ok",
  microphone: null,
  camera: null,
  silent: false,
  network: null,
  media: "none",
  frozen: false,
  clockOffsetMs: 0,
};

const REFUSALS: Readonly<Record<string, Cause>> = {
  expired: "expired",
  revoked: "revoked",
  too_early: "too_early",
  room_closed: "room_closed",
  seat_taken: "seat_taken",
  offline: "offline",
};

export const deviceCause = (cause: MediaCause): Cause => (cause === "failed" ? "device_failed" : cause);

/** What the test of the network found; null: nothing that is in the way. */
export function networkCause(verdict: NetworkVerdict | null): Cause | null {
  switch (verdict) {
    case "blocked":
      return "relay_unreachable";
    case "refused":
      return "relay_refused";
    case "relay_tcp":
    case "relay_tls":
      return "udp_blocked";
    default:
      return null;
  }
}

export const isSkewed = (offsetMs: number): boolean => Math.abs(offsetMs) > SKEW_MS;

/** What is in the way now: what keeps one out comes before what keeps one from being heard, seen, and seeing. */
export function causeOf(sight: Sight): Cause | null {
  const refused = sight.refusal === null ? null : (REFUSALS[sight.refusal] ?? null);
  if (refused) return refused;
  if (sight.takenOver) return "seat_taken";
  if (sight.line !== "ok") return sight.line === "silent" ? "offline" : "websocket_blocked";
  if (sight.microphone) return deviceCause(sight.microphone);
  if (sight.camera) return deviceCause(sight.camera);
  const network = networkCause(sight.network);
  // Media that flows proves more than any test of the network did.
  if (sight.media === "stuck") return network ?? "relay_unreachable";
  if (sight.media === "none" && network && network !== "udp_blocked") return network;
  if (sight.frozen) return "no_remote_frames";
  if (sight.silent) return "silent_microphone";
  if (sight.media === "none" && network) return network;
  return isSkewed(sight.clockOffsetMs) ? "clock_skew" : null;
}

/** What a finished test saw. `heard` and `speaker`: whether a voice and the sound were heard; null: not tried. */
export interface Tested {
  readonly microphone: MediaCause | null;
  readonly camera: MediaCause | null;
  readonly heard: boolean | null;
  readonly speaker: boolean | null;
  readonly websocket: boolean;
  readonly network: NetworkVerdict;
  readonly downKbps: number | null;
  readonly upKbps: number | null;
  readonly clockOffsetMs: number;
}

/** Everything a test found, in the order of a person's steps. */
export function findings(tested: Tested): Cause[] {
  const slow =
    (tested.downKbps ?? Number.POSITIVE_INFINITY) < SLOW_KBPS.down ||
    (tested.upKbps ?? Number.POSITIVE_INFINITY) < SLOW_KBPS.up;
  const found: (Cause | null | false)[] = [
    tested.microphone && deviceCause(tested.microphone),
    tested.camera && deviceCause(tested.camera),
    tested.heard === false && "silent_microphone",
    tested.speaker === false && "silent_speaker",
    !tested.websocket && "websocket_blocked",
    networkCause(tested.network),
    slow && "low_bandwidth",
    isSkewed(tested.clockOffsetMs) && "clock_skew",
  ];
  return [...new Set(found.filter((cause): cause is Cause => Boolean(cause)))];
}

/** Where the words of each cause stand: those that other screens say as well are the same ones there. */
const WORDS = {
  permission_denied: "media.permission_denied",
  permission_dismissed: "media.permission_dismissed",
  permission_denied_by_system: "media.permission_denied_by_system",
  camera_busy: "media.camera_busy",
  microphone_busy: "media.microphone_busy",
  no_device: "media.no_device",
  device_lost: "media.device_lost",
  unsuitable_device: "media.unsuitable_device",
  device_failed: "cause.device_failed",
  silent_microphone: "cause.silent_microphone",
  silent_speaker: "cause.silent_speaker",
  in_app_browser: "media.in_app_browser",
  insecure_origin: "media.insecure_origin",
  unsupported_browser: "media.unsupported_browser",
  clock_skew: "cause.clock_skew",
  offline: "code.offline",
  websocket_blocked: "cause.websocket_blocked",
  udp_blocked: "cause.udp_blocked",
  relay_unreachable: "cause.relay_unreachable",
  relay_refused: "cause.relay_refused",
  low_bandwidth: "cause.low_bandwidth",
  no_remote_frames: "cause.no_remote_frames",
  expired: "code.expired",
  revoked: "code.revoked",
  too_early: "cause.too_early",
  room_closed: "code.room_closed",
  seat_taken: "code.replaced",
} as const satisfies Record<Cause, Key>;

export type CauseKey = (typeof WORDS)[Cause];

export const CAUSES = Object.keys(WORDS) as readonly Cause[];

const isCause = (code: string): code is Cause => code in WORDS;

/** The keys of a cause's words; null for one that this page is too old to know. */
export function keysOf(code: string): { title: CauseKey; next: `${CauseKey}.next` } | null {
  return isCause(code) ? { title: WORDS[code], next: `${WORDS[code]}.next` } : null;
}
