/** What anybody may ask without a seat or an account. */
import { api } from "./client";
import type { ClinicOut, Verification } from "./types";

export const open = {
  clinic: (signal?: AbortSignal) => api.get<ClinicOut>("/clinic", { as: "none", ...(signal && { signal }) }),
  verify: (code: string) => api.post<Verification>("/documents/verify", { code }, { as: "none" }),
};
