/** The socket's messages as types; docs/protocol.md and the server's models are the authority. */

import type { IceServer, Interruption, Media, MediaPath, QualityFigures, Signal } from "../rtc/types";

export type { Candidate, Description, IceServer, Signal } from "../rtc/types";

export const PROTOCOL = 1;

export type Role = "doctor" | "patient" | "companion" | "interpreter" | "colleague";
export type Device = "phone" | "tablet" | "desktop";
export type LeaveReason =
  | "left"
  | "timeout"
  | "refused"
  | "removed"
  | "revoked"
  | "consent_withdrawn"
  | "held";
export type EndReason = "ended_by_doctor" | "left" | "timeout" | "room_closed" | "consent_withdrawn";
export type RevokedCode =
  | "replaced"
  | "removed"
  | "refused"
  | "revoked"
  | "signed_out"
  | "room_closed"
  | "consent_withdrawn";
export type Outcome =
  | "completed"
  | "converted_to_phone"
  | "referred_in_person"
  | "refused_by_patient"
  | "refused_by_doctor"
  | "technical_failure"
  | "no_show";

/** By what somebody may be here; `name` and `relationship` are a representative's. */
export interface Authorisation {
  readonly by: "self" | "representative" | "emergency";
  readonly name: string | null;
  readonly relationship: string | null;
}

export interface Participant {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly state: "waiting" | "admitted";
  readonly media: Media;
  /** Of their socket: media may flow while it is `away`. */
  readonly connection: "online" | "away";
  /** Random per page load. */
  readonly incarnation: string;
  /** RFC 3339. */
  readonly since: string;
  readonly device: Device | null;
  /** While they wait, for the doctor and for themselves. */
  readonly authorisation?: Authorisation | null;
}

export interface RoomInfo {
  readonly id: string;
  readonly state: "open" | "closed";
  readonly modality: string;
  readonly starts_at: string;
  readonly ends_at: string;
  readonly closes_at: string;
  readonly doctor_name: string;
  readonly demo: boolean;
}

export interface CallInfo {
  readonly id: string;
  readonly started_at: string;
}

export interface ChatMessage {
  readonly id: string;
  readonly from: string;
  readonly name: string;
  readonly role: Role;
  readonly text: string;
  readonly sent_at: string;
}

export interface Handshake {
  readonly token: string;
  readonly protocol: number;
  readonly room_id?: string;
  readonly incarnation?: string;
  readonly take_over?: boolean;
  readonly device?: Device;
  readonly media?: Media;
  /** For how long this page has tried to come in. */
  readonly knocking_ms?: number;
}

/** An `Interruption` in the words of the wire. */
export interface InterruptionTold {
  readonly id: Interruption["id"];
  readonly cause: Interruption["cause"];
  /** Milliseconds before this message. */
  readonly ago_ms: number;
  readonly duration_ms: number | null;
  readonly restarts: number;
}

export interface CallReport {
  readonly connection: RTCPeerConnectionState;
  readonly path: MediaPath | null;
  readonly quality: QualityFigures;
  /** At most 20. */
  readonly interruptions?: readonly InterruptionTold[];
  /** The first report in a call in which the other is seen or heard, and the last one. */
  readonly event?: "video_call_started" | "video_call_ended";
  /** Milliseconds from being let in to the other's first frame. */
  readonly first_frame_ms?: number;
}

// -- server to client ------------------------------------------------------------------------------

export interface RoomState {
  readonly version: number;
  readonly self: Participant;
  readonly room: RoomInfo;
  readonly participants: readonly Participant[];
  readonly call: CallInfo | null;
  readonly messages: readonly ChatMessage[];
  readonly ice_servers: readonly IceServer[];
  readonly ice_expires_at: string | null;
  readonly server_time: string;
  readonly position: number | null;
  readonly estimate: Estimate | null;
  readonly notice: Notice | null;
}

/** Between how many minutes somebody will probably be called. */
export interface Estimate {
  readonly min_minutes: number;
  readonly max_minutes: number;
}

/** The doctor's word to somebody who waits. */
export interface Notice {
  readonly text: string;
  readonly sent_at: string;
}

export interface WaitingEntry {
  readonly room_id: string;
  readonly participant: Participant;
  readonly position: number;
  readonly scheduled_for: string | null;
  /** Came by the doctor's standing room: nobody has checked the name. */
  readonly walk_in: boolean;
  /** The last word that was said to them. */
  readonly notice: Notice | null;
}

export interface ActiveRoom {
  readonly room_id: string;
  readonly patient_name: string;
  readonly participants: readonly Participant[];
  readonly call: CallInfo | null;
}

/** One of the closed list of causes (`Cause` of the REST types); a server that is newer may know more. */
export type CauseCode = string;

/** An invited person's last test, and what is in their way at this moment. */
export interface Readiness {
  readonly room_id: string;
  readonly participant_id: string;
  readonly name: string;
  readonly role: Exclude<Role, "doctor">;
  readonly light: "green" | "amber" | "red" | null;
  readonly causes: readonly CauseCode[];
  readonly tested_at: string | null;
  readonly trouble: CauseCode | null;
  readonly trouble_at: string | null;
  readonly wants_phone: boolean;
}

export interface QueueUpdated {
  readonly waiting: readonly WaitingEntry[];
  readonly rooms: readonly ActiveRoom[];
  /** Of a server that is older than this page it is missing. */
  readonly readiness?: readonly Readiness[];
  readonly server_time: string;
}

export interface ServerEvents {
  room_state: RoomState;
  participant_joined: { readonly version: number; readonly participant: Participant };
  participant_updated: { readonly version: number; readonly participant: Participant };
  participant_left: {
    readonly version: number;
    readonly participant: Participant;
    readonly reason: LeaveReason;
  };
  signal: Signal & { readonly from: string };
  media_state: Media & { readonly from: string };
  chat_message: ChatMessage;
  call_started: { readonly version: number; readonly call: CallInfo };
  call_ended: {
    readonly version: number;
    readonly call: CallInfo | null;
    readonly reason: EndReason;
    readonly room_closed: boolean;
  };
  queue_updated: QueueUpdated | { readonly position: number; readonly estimate: Estimate | null };
  notice: Notice;
  session_revoked: { readonly code: RevokedCode; readonly message?: string };
  trouble_told: {
    readonly participant_id: string;
    readonly name: string;
    readonly cause: CauseCode | null;
    readonly wants_phone: boolean;
  };
  continued_by_phone: { readonly room_id: string };
  server_draining: { readonly reconnect_after_ms: number };
}

// -- client to server ------------------------------------------------------------------------------

/** A dashboard sits in no room and names one. */
interface Aimed {
  readonly participant_id: string;
  readonly room_id?: string;
}

export interface ClientEvents {
  signal: Signal & { readonly to: string };
  admit: Aimed;
  refuse: Aimed & { readonly message?: string };
  remove: Aimed;
  hold: Aimed;
  notice: Aimed & { readonly text: string };
  media_state: Media;
  chat_message: { readonly id: string; readonly text: string };
  call_report: CallReport;
  call_end: { readonly outcome: Outcome; readonly reason?: string };
  leave: Record<string, never>;
  trouble: { readonly cause: CauseCode | null; readonly wants_phone: boolean };
}

/** What the answer to each event holds beside `ok`: to most, nothing. */
export type Answers = Record<Exclude<keyof ClientEvents, "signal" | "chat_message">, object> & {
  signal: { readonly delivered: boolean };
  chat_message: { readonly message: ChatMessage };
};

/** `timeout` and `offline` are this side's own: no answer came, or nothing could be sent. */
export type AckCode =
  | "bad_message"
  | "forbidden"
  | "not_found"
  | "not_admitted"
  | "already_admitted"
  | "too_large"
  | "rate_limited"
  | "room_closed"
  | "unavailable"
  | "timeout"
  | "offline";

export type Ack<E extends keyof ClientEvents> =
  | ({ readonly ok: true } & Answers[E])
  | { readonly ok: false; readonly code: AckCode; readonly message: string };

/** Why the server would not have us: `connect_error.data.code`. */
export type RefusalCode =
  | "unauthorized"
  | "expired"
  | "revoked"
  | "too_early"
  | "room_closed"
  | "room_full"
  | "seat_taken"
  | "consent_required"
  | "unavailable"
  | "rate_limited"
  | "protocol";

export interface Refusal {
  readonly code: RefusalCode;
  /** Seconds, with `unavailable` and `rate_limited`. */
  readonly retryAfter: number | null;
  /** RFC 3339, with `too_early`. */
  readonly opensAt: string | null;
}
