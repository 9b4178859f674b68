/** What somebody without an appointment may ask, who has a doctor's address and nothing else. */
import { api } from "./client";
import type { LanguageTag, PushKeyOut, PushSubscribe, SeatOut, StandingRoomOut, Visit } from "./types";

const path = (slug: string) => `/standing-rooms/${encodeURIComponent(slug)}`;

export const visitor = {
  room: (slug: string, language: LanguageTag) =>
    api.get<StandingRoomOut>(path(slug), { as: "none", query: { language } }),
  visit: (slug: string, wish: Visit) => api.post<SeatOut>(`${path(slug)}/visits`, wish, { as: "none" }),
  pushKey: () => api.get<PushKeyOut>("/push/key", { as: "none" }),
  /** Reminds the owner of a personal link in this browser. */
  remind: (token: string, subscription: PushSubscribe) =>
    api.post<void>("/invitations/push", { token, subscription }, { as: "none" }),
};
