/** Opens the session of a seat and keeps the tab's marker true to it. */
import { type CallSession, createSession, type LocalMedia } from "../../call";
import { deviceClass } from "./device";
import { clearMarker, writeMarker } from "./marker";

export interface Seating {
  roomId: string;
  /** Empty for the signed-in doctor, whose cookie is not the seat's. */
  participantId: string;
  demo?: boolean;
  media: LocalMedia;
  takeOver: boolean;
  token: (fresh: boolean) => Promise<string>;
  knockingSince?: number;
}

/** Ends after which the seat is still there to come back to. */
const RETURNABLE: ReadonlySet<string> = new Set(["left", "timeout", "consent_withdrawn"]);

/** A started session. After the room's end a reload starts anew; after leaving it does not rejoin by itself. */
export function sitDown({
  roomId,
  participantId,
  demo = false,
  media,
  takeOver,
  token,
  knockingSince = performance.now(),
}: Seating): CallSession {
  const session = createSession({ roomId, token, media, takeOver, knockingSince, device: deviceClass() });
  session.phase.subscribe(() => {
    const phase = session.phase.get();
    const marker = { roomId, participantId, demo };
    if (phase.is === "ended" && !RETURNABLE.has(phase.because)) clearMarker();
    else
      writeMarker({
        ...marker,
        inCall: phase.is !== "ended" && phase.is !== "refused" && phase.is !== "taken_over",
      });
  });
  writeMarker({ roomId, participantId, demo, inCall: true });
  session.start();
  return session;
}
