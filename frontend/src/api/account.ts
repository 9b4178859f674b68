/** What the staff may ask about their own account: second factor, sessions, the password behind a link. */
import { api } from "./client";
import { renewStaff } from "./session";
import type {
  EnrolmentOut,
  Page,
  PasswordLinkOut,
  RecoveryCodesOut,
  SecondFactorOut,
  SessionOut,
} from "./types";

/** Turned on by its first code; the session is then renewed, since the old token may only have opened this. */
async function confirmFactor(code: string): Promise<string[]> {
  const { recovery_codes } = await api.post<RecoveryCodesOut>("/auth/totp/confirm", { code });
  await renewStaff();
  return recovery_codes;
}

/** Turned off; whose account requires it is signed out by that, which the renewal finds out. */
async function removeFactor(code: string): Promise<void> {
  await api.delete("/auth/totp", { body: { code } });
  await renewStaff();
}

export const account = {
  factor: () => api.get<SecondFactorOut>("/auth/totp"),
  /** `password` is asked for (`password_required`) where signing in is a while ago. */
  startFactor: (password: string | null) =>
    api.post<EnrolmentOut>("/auth/totp", password === null ? {} : { password }),
  confirmFactor,
  removeFactor,
  sessions: () => api.get<Page<SessionOut>>("/auth/sessions"),
  endSession: (id: string) => api.delete(`/auth/sessions/${id}`),
  endOtherSessions: () => api.delete("/auth/sessions"),
  passwordLink: (token: string) =>
    api.post<PasswordLinkOut>("/auth/password/preview", { token }, { as: "none" }),
  choosePassword: (token: string, password: string) =>
    api.post<void>("/auth/password", { token, password }, { as: "none" }),
};
