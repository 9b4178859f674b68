/** What somebody with a personal link may ask; the link's token travels in the body only. */
import { api } from "./client";
import type {
  ConfigOut,
  ConsentCreate,
  ConsentOut,
  ConsentText,
  InvitationPreview,
  LanguageTag,
  SeatOut,
} from "./types";

export const invitee = {
  preview: (token: string, signal?: AbortSignal) =>
    api.post<InvitationPreview>("/invitations/preview", { token }, { as: "none", ...(signal && { signal }) }),
  redeem: (token: string) => api.post<SeatOut>("/invitations/redeem", { token }, { as: "none" }),
  /** Back into a seat by its cookie, after a reload that has no link any more. */
  resume: (participantId: string) =>
    api.post<SeatOut>("/invitations/resume", { participant_id: participantId }, { as: "none" }),
  consent: (token: string, consent: ConsentCreate) =>
    api.post<ConsentOut>("/consents", consent, { as: { token } }),
  withdraw: (token: string) => api.post<void>("/consents/withdraw", undefined, { as: { token } }),
  consentText: (language: LanguageTag) =>
    api.get<ConsentText>("/consents/text", { as: "none", query: { language } }),
  config: (signal?: AbortSignal) => api.get<ConfigOut>("/config", { as: "none", ...(signal && { signal }) }),
};
