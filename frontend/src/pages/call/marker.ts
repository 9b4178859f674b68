/** What a reload must know, and nothing secret: which seat of which room this tab sat in. */

export interface Marker {
  roomId: string;
  participantId: string;
  /** True from entering (the waiting room counts) until leaving: a reload then comes back by itself. */
  inCall: boolean;
  /** A seat of the demonstration: it has no link and no cookie, and is simply taken again. */
  demo: boolean;
}

const KEY = "teleconsulta.seat";

function isMarker(value: unknown): value is Marker {
  if (typeof value !== "object" || value === null) return false;
  const { roomId, participantId, inCall, demo } = value as Record<string, unknown>;
  const named = typeof roomId === "string" && typeof participantId === "string";
  return named && typeof inCall === "boolean" && typeof demo === "boolean";
}

/** The marker of this tab for `roomId`, or null. */
export function readMarker(roomId: string): Marker | null {
  try {
    const value: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
    return isMarker(value) && value.roomId === roomId ? value : null;
  } catch {
    return null; // forbidden or foreign storage: a reload then asks for the link again
  }
}

export function writeMarker(marker: Marker): void {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(marker));
  } catch {
    // See readMarker.
  }
}

export function clearMarker(): void {
  try {
    sessionStorage.removeItem(KEY);
  } catch {
    // See readMarker.
  }
}
