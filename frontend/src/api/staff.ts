/** What doctors and admins may ask. */
import { api, fetchOk } from "./client";
import { held, renewStaff, signedIn, signedOut } from "./session";
import type {
  AuditOut,
  AuditVerification,
  CallDetail,
  CallDocuments,
  CallSummary,
  ClinicOut,
  ClinicWish,
  DecisionWish,
  DoctorProfileOut,
  DoctorProfileWish,
  DocumentOut,
  DocumentWish,
  FollowUpOut,
  InvitationCreate,
  InvitationOut,
  LanguageTag,
  NoteOut,
  NoteWish,
  OverrideOut,
  OwnStandingRoom,
  Page,
  PushKeyOut,
  PushSubscribe,
  QualityOut,
  RoomClose,
  RoomCreate,
  RoomOut,
  RoomPatch,
  SignedCopyOut,
  TokenOut,
  UserCreate,
  UserOut,
  UserPatch,
} from "./types";

type Query = Record<string, string | number | null | undefined>;

/** `otp` is a code of the authenticator app or a recovery code; the server asks for it with `otp_required`. */
async function signIn(email: string, password: string, otp?: string): Promise<TokenOut> {
  const token = await api.post<TokenOut>(
    "/auth/login",
    { email, password, ...(otp && { otp }) },
    { as: "none" },
  );
  signedIn(token);
  return token;
}

async function signOut(): Promise<void> {
  await api.post<void>("/auth/logout", held()).finally(signedOut);
}

/** All filtered calls as a file. */
async function callsFile(ending: "csv" | "json", query: Query): Promise<Blob> {
  const response = await fetchOk("GET", `/calls.${ending}`, { query });
  return response.blob();
}

/** One record as a file: signed, for another system, or as this program has it. */
async function exported(id: string, form: "dossier" | "fhir" | "json"): Promise<Blob> {
  const response = await fetchOk("GET", form === "json" ? `/calls/${id}` : `/calls/${id}/${form}`);
  return response.blob();
}

/** Every room that matches, however many pages they fill. */
async function allRooms(query: Query): Promise<RoomOut[]> {
  const found: RoomOut[] = [];
  let cursor: string | null | undefined;
  do {
    const page = await api.get<Page<RoomOut>>("/rooms", { query: { ...query, limit: 100, cursor } });
    found.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor);
  return found;
}

/** An issued document's PDF. */
async function documentFile(id: string): Promise<Blob> {
  const response = await fetchOk("GET", `/documents/${id}/file`);
  return response.blob();
}

/** A document that came back signed. */
async function signedFile(documentId: string, copyId: string): Promise<Blob> {
  const response = await fetchOk("GET", `/documents/${documentId}/signed/${copyId}/file`);
  return response.blob();
}

/** Whose profile: one's own, or for an admin somebody's. */
const profilePath = (userId: string | null) => `/users/${userId ?? "me"}/profile`;

export const staff = {
  signIn,
  signOut,
  renew: renewStaff,
  rooms: (query: Query = {}) => api.get<Page<RoomOut>>("/rooms", { query }),
  room: (id: string) => api.get<RoomOut>(`/rooms/${id}`),
  allRooms,
  moveRoom: (id: string, wish: RoomPatch) => api.patch<RoomOut>(`/rooms/${id}`, wish),
  openRoom: (wish: RoomCreate) => api.post<RoomOut>("/rooms", wish),
  closeRoom: (id: string, wish: RoomClose) => api.post<RoomOut>(`/rooms/${id}/close`, wish),
  byPhone: (id: string) => api.post<RoomOut>(`/rooms/${id}/phone`),
  invite: (roomId: string, wish: InvitationCreate) =>
    api.post<InvitationOut>(`/rooms/${roomId}/invitations`, wish),
  resend: (invitationId: string) => api.post<InvitationOut>(`/invitations/${invitationId}/resend`),
  overrideConsent: (participantId: string, reason: string) =>
    api.post<OverrideOut>("/consents/overrides", { participant_id: participantId, reason }),
  revoke: (invitationId: string) => api.delete(`/invitations/${invitationId}`),
  calls: (query: Query = {}) => api.get<Page<CallSummary>>("/calls", { query }),
  call: (id: string) => api.get<CallDetail>(`/calls/${id}`),
  quality: (id: string) => api.get<QualityOut>(`/calls/${id}/quality`),
  callsFile,
  exported,
  note: (callId: string) => api.get<NoteOut>(`/calls/${callId}/notes`),
  saveNote: (callId: string, wish: NoteWish) =>
    api.put<NoteOut>(`/calls/${callId}/notes`, wish, { keepalive: true }),
  documents: (callId: string) => api.get<CallDocuments>(`/calls/${callId}/documents`),
  issueDocument: (callId: string, wish: DocumentWish) =>
    api.post<DocumentOut>(`/calls/${callId}/documents`, wish),
  documentFile,
  signedFile,
  giveBack: (documentId: string, file: Blob) =>
    api.post<SignedCopyOut>(`/documents/${documentId}/signed`, new Blob([file], { type: "application/pdf" })),
  followUp: (roomId: string) => api.get<FollowUpOut>(`/rooms/${roomId}/follow-up`),
  noteVisit: (roomId: string, day: string | null) =>
    api.put<FollowUpOut>(`/rooms/${roomId}/follow-up`, { last_in_person_on: day }),
  decideFollowUp: (roomId: string, wish: DecisionWish) =>
    api.post<FollowUpOut>(`/rooms/${roomId}/follow-up/decisions`, wish),
  saveClinic: (wish: ClinicWish) => api.put<ClinicOut>("/clinic", wish),
  profile: (userId: string | null) => api.get<DoctorProfileOut>(profilePath(userId)),
  saveProfile: (userId: string | null, wish: DoctorProfileWish) =>
    api.put<DoctorProfileOut>(profilePath(userId), wish),
  audit: (query: Query = {}) => api.get<Page<AuditOut>>("/audit", { query }),
  verifyAudit: () => api.get<AuditVerification>("/audit/verify"),
  standingRoom: () => api.get<OwnStandingRoom>("/users/me/standing-room"),
  switchStandingRoom: (open: boolean) => api.put<OwnStandingRoom>("/users/me/standing-room", { open }),
  pushKey: () => api.get<PushKeyOut>("/push/key"),
  subscribePush: (wish: PushSubscribe) => api.put<void>("/push/subscription", wish),
  unsubscribePush: (endpoint: string) => api.post<void>("/push/unsubscribe", { endpoint }),
  tryPush: () => fetchOk("POST", "/push/test"),
  users: (query: Query = {}) => api.get<Page<UserOut>>("/users", { query }),
  addUser: (wish: UserCreate) => api.post<UserOut>("/users", wish),
  sendPasswordLink: (id: string, language: LanguageTag) =>
    api.post<UserOut>(`/users/${id}/password-link`, { language }),
  removeFactorOf: (id: string) => api.delete(`/users/${id}/totp`),
  changeUser: (id: string, wish: UserPatch) => api.patch<UserOut>(`/users/${id}`, wish),
};
