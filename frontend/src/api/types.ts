/** The REST shapes: generated from the server's own description (`npm run api`), under the names the pages use. */
import type {
  AuditVerdict,
  CallParticipantOut,
  CallSummary,
  ConfigOut,
  Problem as GeneratedProblem,
  IncidentEntryCreate,
  InvitationCreate,
  NoteOut,
  Participant,
  RetentionRuleOut,
  RoomClose,
  TestWish,
  UserOut,
  WebhookOut,
} from "./generated";

export type {
  AccessOut,
  AuditOut,
  BrandOut,
  CallDetail,
  CallDocuments,
  CallSummary,
  CheckupLine,
  CheckupOut,
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
  IncidentCreate,
  IncidentEntryCreate,
  IncidentOut,
  IncidentsOut,
  InvitationCreate,
  InvitationOut,
  InvitationPreview,
  NoteOut,
  NoteWish,
  OutboxMail,
  OutboxMailFull,
  OverrideOut,
  OwnStandingRoom,
  PasswordLinkOut,
  PeopleOut,
  PersonDocument,
  PersonFound,
  PushKeyOut,
  PushSubscribe,
  QualityOut,
  QualityPoint,
  ReadinessOut,
  RecoveryCodesOut,
  RetentionOut,
  RetentionRuleOut,
  RetentionRunOut,
  RoomClose,
  RoomCreate,
  RoomOut,
  RoomPatch,
  RoomPublic,
  SeatOut,
  SecondFactorOut,
  SessionOut,
  SignedCopyOut,
  StandingRoomOut,
  TestWish,
  TimelineEntry,
  TokenOut,
  UserCreate,
  UserOut,
  UserPatch,
  Verification,
  VerifiedDocument,
  Visit,
  WebhookCreate,
  WebhookDeliveryOut,
  WebhookOut,
  WebhookPatch,
  WebhookSecretOut,
  WebhooksOut,
} from "./generated";

export type AuditVerification = AuditVerdict;
/** The closed list of what keeps people from a call. */
export type Cause = TestWish["causes"][number];
export type CallParticipant = CallParticipantOut;
export type IncidentEntryKind = IncidentEntryCreate["kind"];
export type InviteeRole = InvitationCreate["role"];
export type LanguageTag = ConfigOut["languages"][number];
export type Outcome = RoomClose["outcome"];
export type QualityGrade = NonNullable<CallSummary["quality_grade"]>;
export type RetentionKind = RetentionRuleOut["kind"];
export type Role = Participant["role"];
export type StaffRole = UserOut["role"];
export type WebhookEvent = WebhookOut["events"][number];

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
