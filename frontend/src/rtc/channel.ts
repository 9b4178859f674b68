/** The frames of the data channel (docs/protocol.md). Pure: text in, frame out; what is not understood is null. */

import type { Media } from "./types";

export const CHANNEL_ID = 100;
export const CHANNEL_LABEL = "teleconsulta";
const MAX_FRAME = 16_384;
const MAX_CHAT = 2_000;

export type Frame =
  | { readonly t: "hello"; readonly media: Media }
  | { readonly t: "media"; readonly media: Media }
  /** Our picture is paused so that the sound survives, or is back. */
  | { readonly t: "paused"; readonly video: boolean }
  /** After an interruption: please send a whole picture. */
  | { readonly t: "refresh" }
  /** Two of a kind at once measure the room of the way: `pad` gives them their size. */
  | { readonly t: "probe"; readonly id: number; readonly pad?: string }
  /** So far apart did they arrive, ms. */
  | { readonly t: "probed"; readonly id: number; readonly ms: number }
  | { readonly t: "chat"; readonly id: string; readonly text: string; readonly at: string }
  | { readonly t: "bye"; readonly outcome?: string };

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value) && value >= 0;
}

function readMedia(value: unknown): Media | null {
  if (!isRecord(value)) return null;
  const { audio, video, screen, recording } = value;
  return {
    audio: audio === true,
    video: video === true,
    screen: screen === true,
    recording: recording === true,
  };
}

function readChat(value: Record<string, unknown>): Frame | null {
  const { id, text, at } = value;
  if (typeof id !== "string" || !UUID.test(id)) return null;
  if (typeof text !== "string" || !text.trim() || text.length > MAX_CHAT) return null;
  return { t: "chat", id, text, at: typeof at === "string" ? at : "" };
}

/** Reads what the other page sent; it may be any program, so nothing is believed unseen. */
export function readFrame(raw: unknown): Frame | null {
  if (typeof raw !== "string" || raw.length > MAX_FRAME) return null;
  let value: unknown;
  try {
    value = JSON.parse(raw);
  } catch {
    return null;
  }
  if (!isRecord(value)) return null;
  switch (value.t) {
    case "hello":
    case "media": {
      const media = readMedia(value.media);
      return media && { t: value.t, media };
    }
    case "refresh":
      return { t: "refresh" };
    case "paused":
      return { t: "paused", video: value.video === true };
    case "probe":
      return isCount(value.id) ? { t: "probe", id: value.id } : null;
    case "probed":
      return isCount(value.id) && isCount(value.ms) ? { t: "probed", id: value.id, ms: value.ms } : null;
    case "chat":
      return readChat(value);
    case "bye":
      return typeof value.outcome === "string" ? { t: "bye", outcome: value.outcome } : { t: "bye" };
    default:
      return null;
  }
}
