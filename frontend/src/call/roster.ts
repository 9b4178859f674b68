/** Who is in the room, as the server tells it. Pure: state and event in, new state out. */

import type { Media } from "../rtc/types";
import type { CallInfo, Estimate, Notice, Participant, RoomInfo, RoomState } from "../signaling/protocol";

export interface Roster {
  readonly version: number;
  readonly self: Participant;
  readonly room: RoomInfo;
  /** Everybody but oneself, in the server's order. */
  readonly others: readonly Participant[];
  readonly call: CallInfo | null;
  readonly position: number | null;
  readonly estimate: Estimate | null;
  readonly notice: Notice | null;
}

/** A room's whole state replaces everything: a restarted server may count versions from the start again. */
export function fromRoomState(state: RoomState): Roster {
  return {
    version: state.version,
    self: state.self,
    room: state.room,
    others: state.participants.filter(({ id }) => id !== state.self.id),
    call: state.call,
    position: state.position,
    estimate: state.estimate,
    notice: state.notice,
  };
}

/**
 * Events older than what is known are dropped. One of the same version is taken: several events may tell of one change,
 * and each holds a whole state, so a repeat does no harm.
 */
function isStale(roster: Roster, version: number): boolean {
  return version < roster.version;
}

export function withParticipant(roster: Roster, version: number, participant: Participant): Roster {
  if (isStale(roster, version)) return roster;
  if (participant.id === roster.self.id) return { ...roster, version, self: participant };
  const known = roster.others.some(({ id }) => id === participant.id);
  const others = known
    ? roster.others.map((other) => (other.id === participant.id ? participant : other))
    : [...roster.others, participant];
  return { ...roster, version, others };
}

export function withoutParticipant(roster: Roster, version: number, id: string): Roster {
  if (isStale(roster, version)) return roster;
  return { ...roster, version, others: roster.others.filter((other) => other.id !== id) };
}

export function withCall(roster: Roster, version: number, call: CallInfo | null): Roster {
  return isStale(roster, version) ? roster : { ...roster, version, call };
}

export function withMedia(roster: Roster, from: string, media: Media): Roster {
  const others = roster.others.map((other) => (other.id === from ? { ...other, media } : other));
  return { ...roster, others };
}

export function withPosition(roster: Roster, position: number | null, estimate: Estimate | null): Roster {
  return { ...roster, position, estimate };
}

export function withNotice(roster: Roster, notice: Notice): Roster {
  return { ...roster, notice };
}
