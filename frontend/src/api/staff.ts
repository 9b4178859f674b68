/** What doctors and admins may ask. */
import { api, fetchOk } from "./client";
import { renewStaff, signedIn, signedOut } from "./session";
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
  NoteOut,
  NoteWish,
  Page,
  QualityOut,
  RoomClose,
  RoomCreate,
  RoomOut,
  TokenOut,
  UserCreate,
  UserOut,
  UserPatch,
} from "./types";

type Query = Record<string, string | number | null | undefined>;

async function signIn(email: string, password: string): Promise<TokenOut> {
  const token = await api.post<TokenOut>("/auth/login", { email, password }, { as: "none" });
  signedIn(token);
  return token;
}

async function signOut(): Promise<void> {
  await api.post<void>("/auth/logout").finally(signedOut);
}

/** All filtered calls as a CSV file. */
async function callsCsv(query: Query): Promise<Blob> {
  const response = await fetchOk("GET", "/calls.csv", { query });
  return response.blob();
}

/** An issued document's PDF. */
async function documentFile(id: string): Promise<Blob> {
  const response = await fetchOk("GET", `/documents/${id}/file`);
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
  openRoom: (wish: RoomCreate) => api.post<RoomOut>("/rooms", wish),
  closeRoom: (id: string, wish: RoomClose) => api.post<RoomOut>(`/rooms/${id}/close`, wish),
  invite: (roomId: string, wish: InvitationCreate) =>
    api.post<InvitationOut>(`/rooms/${roomId}/invitations`, wish),
  resend: (invitationId: string) => api.post<InvitationOut>(`/invitations/${invitationId}/resend`),
  revoke: (invitationId: string) => api.delete(`/invitations/${invitationId}`),
  calls: (query: Query = {}) => api.get<Page<CallSummary>>("/calls", { query }),
  call: (id: string) => api.get<CallDetail>(`/calls/${id}`),
  quality: (id: string) => api.get<QualityOut>(`/calls/${id}/quality`),
  callsCsv,
  note: (callId: string) => api.get<NoteOut>(`/calls/${callId}/notes`),
  saveNote: (callId: string, wish: NoteWish) =>
    api.put<NoteOut>(`/calls/${callId}/notes`, wish, { keepalive: true }),
  documents: (callId: string) => api.get<CallDocuments>(`/calls/${callId}/documents`),
  issueDocument: (callId: string, wish: DocumentWish) =>
    api.post<DocumentOut>(`/calls/${callId}/documents`, wish),
  documentFile,
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
  users: (query: Query = {}) => api.get<Page<UserOut>>("/users", { query }),
  addUser: (wish: UserCreate) => api.post<UserOut>("/users", wish),
  changeUser: (id: string, wish: UserPatch) => api.patch<UserOut>(`/users/${id}`, wish),
};
