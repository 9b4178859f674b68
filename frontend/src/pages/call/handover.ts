/** What one page of the app hands to the call page through memory: a demo seat, or whom to admit on arrival. */
import type { DemoSeat } from "../../api/types";

const seats = new Map<string, DemoSeat>();
const admissions = new Map<string, string>();

function take<T>(from: Map<string, T>, roomId: string): T | null {
  const value = from.get(roomId) ?? null;
  from.delete(roomId);
  return value;
}

export const handover = {
  giveSeat: (seat: DemoSeat) => seats.set(seat.room_id, seat),
  takeSeat: (roomId: string) => take(seats, roomId),
  admitOnArrival: (roomId: string, participantId: string) => admissions.set(roomId, participantId),
  takeAdmission: (roomId: string) => take(admissions, roomId),
};
