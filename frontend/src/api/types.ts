/** The REST shapes: generated from the server's own description (`npm run api`), under the names the pages use. */
import type {
  AuditVerdict,
  CallParticipantOut,
  CallSummary,
  ConfigOut,
  Problem as GeneratedProblem,
  InvitationCreate,
  NoteOut,
  Participant,
  RoomClose,
  UserOut,
} from "./generated";

export type {
  AuditOut,
  CallDetail,
  CallDocuments,
  CallSummary,
  ClinicOut,
  ClinicWish,
  ConfigOut,
  ConsentCreate,
  ConsentOut,
  ConsentText,
  DecisionWish,
  DemoOut,
  DemoSeat,
  DoctorProfileOut,
  DoctorProfileWish,
  DocumentOut,
  DocumentWish,
  EnrolmentOut,
  FollowUpOut,
  InvitationCreate,
  InvitationOut,
  InvitationPreview,
  NoteOut,
  NoteWish,
  OutboxMail,
  OutboxMailFull,
  OverrideOut,
  PasswordLinkOut,
  PersonDocument,
  QualityOut,
  QualityPoint,
  RecoveryCodesOut,
  RoomClose,
  RoomCreate,
  RoomOut,
  RoomPatch,
  SeatOut,
  SecondFactorOut,
  SessionOut,
  SignedCopyOut,
  TimelineEntry,
  TokenOut,
  UserCreate,
  UserOut,
  UserPatch,
  Verification,
  VerifiedDocument,
} from "./generated";

export type AuditVerification = AuditVerdict;
export type CallParticipant = CallParticipantOut;
export type InviteeRole = InvitationCreate["role"];
export type LanguageTag = ConfigOut["languages"][number];
export type Outcome = RoomClose["outcome"];
export type QualityGrade = NonNullable<CallSummary["quality_grade"]>;
export type Role = Participant["role"];
export type StaffRole = UserOut["role"];

/** One part of a list; an absent or null `next_cursor` means that it was the last. */
export interface Page<T> {
  items: T[];
  next_cursor?: string | null;
}

/** A refusal as this page knows it: what a gateway answers has a code and a status at most. */
export type Problem = Partial<GeneratedProblem> & {
  status: number;
  code: string;
  /** With `too_early`. */
  opens_at?: string | null;
  /** With `slot_taken`. */
  next_free?: string[];
  /** With `note_conflict`: what is stored. */
  current?: NoteOut;
};
