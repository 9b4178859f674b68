/** Everything a page needs of a consultation: watched values to show and methods to call. No React in here. */

import type { LocalMedia, Media, Quality } from "../rtc/types";
import type { Watched } from "../rtc/value";
import type {
  ActiveRoom,
  CallInfo,
  Device,
  EndReason,
  Estimate,
  IceServer,
  Notice,
  Outcome,
  Participant,
  Readiness,
  Refusal,
  RevokedCode,
  Role,
  RoomInfo,
  ServerEvents,
  WaitingEntry,
} from "../signaling/protocol";

export type {
  Acquired,
  AcquiredLevel,
  DeviceInfo,
  DeviceList,
  DeviceState,
  Grade,
  LocalMedia,
  LocalMediaView,
  Media,
  MediaCause,
  MediaPath,
  MediaProblem,
  Quality,
  QualityFigures,
  QualityHint,
} from "../rtc/types";
export type { Watched } from "../rtc/value";
export type {
  ActiveRoom,
  Authorisation,
  CallInfo,
  Device,
  Estimate,
  Notice,
  Outcome,
  Participant,
  Readiness,
  Refusal,
  RefusalCode,
  Role,
  RoomInfo,
  WaitingEntry,
} from "../signaling/protocol";

/** Why it is over: for everyone (`EndReason`), or for this person (`RevokedCode`; `replaced` is `taken_over`). */
export type EndCause = EndReason | Exclude<RevokedCode, "replaced">;

/** Where the consultation stands for this page; one union, shown by one switch. */
export type CallPhase =
  /** The first answer of the server is on its way. `trouble` says why it takes long, the page keeps trying. */
  | { readonly is: "connecting"; readonly trouble: "unavailable" | "rate_limited" | "no_network" | null }
  /** In the waiting room. The place in the queue is `position`. */
  | { readonly is: "waiting"; readonly since: string }
  /** Admitted. `peers` may still be empty: the other person has not come yet, or has gone. */
  | { readonly is: "talking"; readonly since: string }
  /** Over: every device, connection and socket is released. `retry()` may come back from `left`. */
  | { readonly is: "ended"; readonly because: EndCause }
  /** The server would not have us; `refusal.code` is a translation key. `retry()` tries again. */
  | { readonly is: "refused"; readonly refusal: Refusal }
  /** The same person continued in another page; devices here are released. `retry()` takes the seat back. */
  | { readonly is: "taken_over" };

export type PeerLink =
  /** Being set up for the first time. */
  | "connecting"
  | "connected"
  /** It was there and is being brought back; the last frame stays. */
  | "reconnecting";

/** One other admitted person with a media connection. A new object after each change. */
export interface PeerView {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly participant: Participant;
  /** One stream for the life of this connection, holding their sound and picture. Attach it to a `<video>` once. */
  readonly stream: MediaStream;
  readonly link: PeerLink;
  /** What they say they send: show the avatar when neither `video` nor `screen` is true. */
  readonly media: Media;
  readonly speaking: boolean;
  /** Null until the first figures are there (about 2 s). */
  readonly quality: Quality | null;
  /** Their picture was switched off by their own or our side to save the sound on a thin link. */
  readonly videoPaused: boolean;
  /** Tell it when their first frame is shown. */
  readonly onSeen: () => void;
}

export interface ChatLine {
  readonly id: string;
  readonly from: string;
  readonly name: string;
  readonly role: Role;
  readonly text: string;
  /** RFC 3339, by the server's clock. */
  readonly at: string;
  readonly mine: boolean;
  /** `sending` until the server has it, `failed` when it refused it for good. */
  readonly delivery: "sending" | "sent" | "failed";
}

export interface ChatView {
  /** In order of time. */
  readonly lines: readonly ChatLine[];
  /** Lines of others since `markChatRead()`. */
  readonly unread: number;
}

/** The line to the server, apart from media: a call goes on while it is away. */
export type ServerLink = "online" | "reconnecting";

export type ActionResult = { readonly ok: true } | { readonly ok: false; readonly code: string };

/** What the server says of people's troubles, to the doctor, and of the telephone, to everybody. */
export interface Told {
  readonly troubles: readonly ServerEvents["trouble_told"][];
  readonly byPhone: boolean;
}

export const UNTOLD: Told = { troubles: [], byPhone: false };

/** A consultation in this page. Make it with `createSession`, call `start()` once. */
export interface CallSession {
  readonly phase: Watched<CallPhase>;
  readonly server: Watched<ServerLink>;
  /** This page's own seat, as the server sees it; null before the first answer. */
  readonly self: Watched<Participant | null>;
  readonly room: Watched<RoomInfo | null>;
  /** Everybody else in the room, waiting people included. */
  readonly participants: Watched<readonly Participant[]>;
  /** Those of `participants` who wait for this doctor's word, first come first; empty for other roles. */
  readonly waiting: Watched<readonly Participant[]>;
  /** Everybody with a media connection, in order of joining. */
  readonly peers: Watched<readonly PeerView[]>;
  /** The running call with its start, null before and after. */
  readonly call: Watched<CallInfo | null>;
  /** Place in the doctor's queue, 1 is next; null when not waiting. */
  readonly position: Watched<number | null>;
  readonly told: Watched<Told>;
  /** When one will probably be called; null when nobody can know, and when not waiting. */
  readonly estimate: Watched<Estimate | null>;
  /** The doctor's last word to oneself who waits. */
  readonly notice: Watched<Notice | null>;
  /** What the doctor said with a refusal. */
  readonly refusal: Watched<string | null>;
  readonly chat: Watched<ChatView>;
  /** Who took their authorisation back and has not come again. */
  readonly withdrew: Watched<Participant | null>;
  readonly media: LocalMedia;

  start(): void;
  /** Connects again after `refused`, `taken_over` or `ended: left`; takes the seat over if need be. */
  retry(): void;

  /** Doctor only. */
  admit(participantId: string): Promise<ActionResult>;
  refuse(participantId: string): Promise<ActionResult>;
  remove(participantId: string): Promise<ActionResult>;
  /** Back to the waiting room. */
  hold(participantId: string): Promise<ActionResult>;

  /** Shows the line at once and sends it by every open path; repeats by itself until the server has it. */
  sendChat(text: string): void;
  markChatRead(): void;

  /**
   * Doctor only: ends for everyone and closes the room. The page is released at once; the promise tells whether the
   * server has recorded the outcome (`offline` after half a minute without it: then use REST).
   */
  end(outcome: Outcome, reason?: string): Promise<ActionResult>;
  /** Tells the doctor what is in this person's way; null: nothing any more. */
  tell(cause: string | null, wantsPhone: boolean): Promise<ActionResult>;
  /** Gives the seat up and releases everything; `because` is what the page says then. */
  leave(because?: "left" | "consent_withdrawn"): Promise<ActionResult>;
  /** The page goes away: releases everything without a word, the seat stays for the grace time. */
  close(): void;
}

export interface IceSupply {
  readonly ice_servers: readonly IceServer[];
  readonly expires_at: string | null;
}

export interface SessionOptions {
  readonly roomId: string;
  /**
   * An access token. `fresh` is true when the last one has expired: get another one then. May reject with an object
   * that has a `code` of `RefusalCode`; any other rejection is taken for a lost network and tried again.
   */
  readonly token: (fresh: boolean) => Promise<string>;
  /** From `createLocalMedia()`; the session releases it at the end. */
  readonly media: LocalMedia;
  readonly device?: Device;
  /** False asks to be refused (`seat_taken`) instead of taking over another page; default true. */
  readonly takeOver?: boolean;
  /** When the person asked to come in (`performance.now()`), if that was before now: the server may have slept. */
  readonly knockingSince?: number;
}

/** The doctor's dashboard feed. */
export interface Dashboard {
  readonly server: Watched<ServerLink>;
  /** Null before the first answer. */
  readonly feed: Watched<DashboardFeed | null>;
  /** Set when the server will not have us (`unauthorized`, `revoked`, ...); sign in again. */
  readonly refusal: Watched<Refusal | null>;
  start(): void;
  /** Tells somebody who waits that the doctor cannot receive them, with a word of why. */
  refuse(entry: WaitingEntry, message?: string): Promise<ActionResult>;
  /** Says something to somebody who waits. */
  tell(entry: WaitingEntry, text: string): Promise<ActionResult>;
  close(): void;
}

export interface DashboardFeed {
  readonly waiting: readonly WaitingEntry[];
  readonly rooms: readonly ActiveRoom[];
  readonly readiness: readonly Readiness[];
}

export interface DashboardOptions {
  readonly token: (fresh: boolean) => Promise<string>;
}
