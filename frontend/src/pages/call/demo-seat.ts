/** The demonstration's seats: they have neither link nor cookie, so coming back means taking one again. */
import { ApiError } from "../../api/client";
import { demo } from "../../api/demo";
import type { DemoSeat } from "../../api/types";
import { handover } from "./handover";
import { readMarker } from "./marker";

/**
 * The seat that a button of /teste-video handed over, or after a reload the same one again; null when this room is
 * none of the demonstration's. Rejects with `room_closed` when others have taken the room meanwhile.
 */
export async function demoSeat(roomId: string, role: "doctor" | "patient"): Promise<DemoSeat | null> {
  const handed = handover.takeSeat(roomId);
  if (handed) return handed;
  if (!readMarker(roomId)?.demo) return null;
  const seat = await demo.sit(role);
  if (seat.room_id !== roomId) throw new ApiError({ status: 410, code: "room_closed" });
  return seat;
}
