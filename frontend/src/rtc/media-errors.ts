/** From what a browser throws to a cause that has a remedy. Pure. */

import type { MediaCause } from "./types";

/** What the cause also depends on. */
export interface MediaEnvironment {
  readonly secure: boolean;
  readonly supported: boolean;
  readonly userAgent: string;
}

/** Browsers inside other apps (links opened from a chat or a mail app), which often withhold the camera. */
const IN_APP =
  /\b(FBAN|FBAV|FB_IAB|Instagram|Line\/|MicroMessenger|GSA\/|Twitter|LinkedInApp|Snapchat|TikTok|musical_ly|Pinterest)|; wv\)/i;

export function isInAppBrowser(userAgent: string): boolean {
  if (IN_APP.test(userAgent)) return true;
  // A WebView of an iPhone says AppleWebKit and Mobile, but not Safari.
  return (
    /\b(iPhone|iPad|iPod)\b/.test(userAgent) && /AppleWebKit/.test(userAgent) && !/Safari\//.test(userAgent)
  );
}

/** Why nothing can be asked at all, null when it can. */
export function blockedBy(env: MediaEnvironment): MediaCause | null {
  if (!env.secure) return "insecure_origin";
  if (!env.supported) return isInAppBrowser(env.userAgent) ? "in_app_browser" : "unsupported_browser";
  return null;
}

function nameAndMessage(error: unknown): { name: string; message: string } {
  if (typeof error !== "object" || error === null) return { name: "", message: "" };
  const { name, message } = error as { name?: unknown; message?: unknown };
  return { name: String(name ?? ""), message: String(message ?? "") };
}

/** The cause behind an error of `getUserMedia` for one device. */
export function causeOf(error: unknown, device: "camera" | "microphone", env: MediaEnvironment): MediaCause {
  const { name, message } = nameAndMessage(error);
  switch (name) {
    case "NotAllowedError":
    case "PermissionDeniedError":
    case "SecurityError":
      if (isInAppBrowser(env.userAgent)) return "in_app_browser";
      if (/by system/i.test(message)) return "permission_denied_by_system";
      if (/dismissed/i.test(message)) return "permission_dismissed";
      return "permission_denied";
    case "NotFoundError":
    case "DevicesNotFoundError":
      return "no_device";
    case "NotReadableError":
    case "TrackStartError":
    case "AbortError":
      return device === "camera" ? "camera_busy" : "microphone_busy";
    case "OverconstrainedError":
    case "ConstraintNotSatisfiedError":
      return "unsuitable_device";
    default:
      return "failed";
  }
}

/** The environment of this page. */
export function environment(): MediaEnvironment {
  return {
    secure: globalThis.isSecureContext === true,
    supported:
      typeof navigator.mediaDevices?.getUserMedia === "function" && "RTCPeerConnection" in globalThis,
    userAgent: navigator.userAgent,
  };
}
