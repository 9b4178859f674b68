/** The REST shapes, with the names of the server's models. Times are RFC 3339 UTC, ids are UUIDs. */

export type Role = "doctor" | "patient" | "companion" | "interpreter" | "colleague";
export type InviteeRole = Exclude<Role, "doctor">;
export type StaffRole = "doctor" | "admin";
export type LanguageTag = "pt-BR" | "en" | "es";
export type Modality =
  | "teleconsulta"
  | "teleinterconsulta"
  | "telediagnostico"
  | "telecirurgia"
  | "telemonitoramento"
  | "teletriagem"
  | "teleconsultoria";
export type Outcome =
  | "completed"
  | "converted_to_phone"
  | "referred_in_person"
  | "refused_by_patient"
  | "refused_by_doctor"
  | "technical_failure"
  | "no_show";
export type EndReason = "ended_by_doctor" | "left" | "timeout" | "room_closed";

export interface Page<T> {
  items: T[];
  next_cursor: string | null;
}

export interface FieldProblem {
  field: string;
  code: string;
  message: string;
}
export interface Problem {
  type?: string;
  title?: string;
  status: number;
  code: string;
  detail?: string | null;
  request_id?: string | null;
  errors?: FieldProblem[];
  retry_after?: number | null;
  opens_at?: string | null;
  next_free?: string[];
}

export interface UserOut {
  id: string;
  email: string;
  name: string;
  role: StaffRole;
  slug: string;
  council: string | null;
  disabled: boolean;
  created_at: string;
}
export interface TokenOut {
  access_token: string;
  token_type: string;
  expires_in: number;
  user: UserOut;
}
export interface UserCreate {
  email: string;
  name: string;
  role: StaffRole;
  password: string;
  council?: string | null;
}
export interface UserPatch {
  name?: string;
  role?: StaffRole;
  disabled?: boolean;
  password?: string;
  council?: string | null;
}

export interface ConfigOut {
  version: string;
  demo: boolean;
  clinic_name: string;
  languages: LanguageTag[];
  data_region: string | null;
}
export interface OutboxMail {
  id: string;
  to: string;
  subject: string;
  sent_at: string;
  link: string | null;
}
export interface OutboxMailFull extends OutboxMail {
  text: string;
  html: string;
}
export interface DemoOut {
  doctor_email: string;
  admin_email: string;
  password: string;
  outbox: OutboxMail[];
}
export interface DemoSeat {
  room_id: string;
  participant_id: string;
  role: Role;
  access_token: string;
  expires_in: number;
}

export interface RoomCreate {
  patient: { name: string; email: string | null };
  starts_at?: string;
  duration_minutes?: number;
  modality?: Modality;
  language?: LanguageTag;
}
export interface RoomPatch {
  starts_at?: string;
  duration_minutes?: number;
  modality?: Modality;
}
export interface RoomClose {
  outcome: Outcome;
  reason?: string | null;
}
export interface InvitationCreate {
  name: string;
  email: string | null;
  role: InviteeRole;
  language?: LanguageTag;
}
export interface InvitationOut {
  id: string;
  participant_id: string;
  name: string;
  email: string | null;
  role: Role;
  link: string | null;
  state: "active" | "revoked" | "expired";
  delivery: "none" | "queued" | "sent" | "failed";
  delivery_code: string | null;
  sent_at: string | null;
  opened_at: string | null;
  created_at: string;
}
export interface RoomOut {
  id: string;
  doctor: { id: string; name: string };
  patient: { id: string; name: string; email: string | null };
  state: "open" | "closed";
  scheduled: boolean;
  starts_at: string;
  ends_at: string;
  opens_at: string;
  closes_at: string;
  modality: Modality;
  outcome: Outcome | null;
  outcome_reason: string | null;
  closed_at: string | null;
  created_at: string;
  demo: boolean;
  invitations: InvitationOut[];
}
export interface RoomPublic {
  id: string;
  state: "open" | "closed";
  modality: Modality;
  starts_at: string;
  ends_at: string;
  opens_at: string;
  closes_at: string;
  doctor: { name: string; council: string | null };
  clinic_name: string;
  demo: boolean;
}

export interface ConsentText {
  id: string;
  version: string;
  language: LanguageTag;
  sha256: string;
  title: string;
  summary: string;
  body: string;
}
export interface ConsentCreate {
  version: string;
  sha256: string;
  language: LanguageTag;
  given_by: "self" | "representative";
  representative?: { name: string; relationship: string };
  device?: "phone" | "tablet" | "desktop";
}
export interface ConsentOut {
  id: string;
  version: string;
  sha256: string;
  language: LanguageTag;
  given_by: "self" | "representative";
  given_at: string;
  withdrawn_at: string | null;
}
export interface InvitationPreview {
  room: RoomPublic;
  role: Role;
  first_name: string;
  consent: ConsentText;
}
export interface SeatOut {
  access_token: string;
  token_type: string;
  expires_in: number;
  room: RoomPublic;
  participant: { id: string; name: string; role: Role };
  consent: { given: boolean; text: ConsentText };
}

export type PathKind = "direct" | "relay";
export type QualityGrade = "good" | "fair" | "poor";
export interface QualitySummary {
  samples: number | null;
  rtt_ms: number | null;
  jitter_ms: number | null;
  loss_in: number | null;
  loss_out: number | null;
  concealed: number | null;
  freezes: number | null;
  freeze_ms: number | null;
  fps: number | null;
  bitrate_in: number | null;
  bitrate_out: number | null;
  restarts: number | null;
}
export interface CallSummary {
  id: string;
  room_id: string;
  doctor: { id: string; name: string };
  patient: { id: string; name: string };
  state: "open" | "ended";
  started_at: string;
  ended_at: string | null;
  duration_seconds: number | null;
  end_reason: EndReason | null;
  outcome: Outcome | null;
  path: PathKind | null;
  quality_grade: QualityGrade | null;
}
export interface CallParticipant {
  participant_id: string;
  name: string;
  role: Role;
  joined_at: string;
  left_at: string | null;
  seconds: number;
  path: PathKind | null;
  protocol: "udp" | "tcp" | "tls" | null;
  quality: QualitySummary | null;
  stays: { joined_at: string; left_at: string | null; left_reason: string | null }[];
}
export interface CallConsent {
  participant_id: string;
  name: string;
  role: Role;
  version: string;
  sha256: string;
  language: LanguageTag;
  given_by: "self" | "representative";
  given_at: string;
}
export interface CallMessage {
  id: string;
  participant_id: string;
  name: string;
  role: Role;
  text: string;
  sent_at: string;
}
export interface TimelineEntry {
  at: string;
  event: string;
  participant_id: string | null;
  name: string | null;
  detail: string | null;
}
export interface CallDetail extends CallSummary {
  modality: Modality;
  room_starts_at: string;
  participants: CallParticipant[];
  consents: CallConsent[];
  messages: CallMessage[];
  timeline: TimelineEntry[];
}

export interface AuditOut {
  seq: number;
  at: string;
  action: string;
  actor: { type: string; id: string } | null;
  target: { type: string; id: string } | null;
  details: Record<string, unknown>;
  hash: string;
}
export interface AuditVerification {
  ok: boolean;
  entries: number;
  head: string | null;
  broken_at: number | null;
  problem: string | null;
}
