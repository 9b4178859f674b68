/** What doctors and admins may ask. */
import { api, fetchOk } from "./client";
import { renewStaff, signedIn, signedOut } from "./session";
import type {
  AuditOut,
  AuditVerification,
  CallDetail,
  CallSummary,
  InvitationCreate,
  InvitationOut,
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
  callsFile,
  exported,
  audit: (query: Query = {}) => api.get<Page<AuditOut>>("/audit", { query }),
  verifyAudit: () => api.get<AuditVerification>("/audit/verify"),
  users: (query: Query = {}) => api.get<Page<UserOut>>("/users", { query }),
  addUser: (wish: UserCreate) => api.post<UserOut>("/users", wish),
  changeUser: (id: string, wish: UserPatch) => api.patch<UserOut>(`/users/${id}`, wish),
};
