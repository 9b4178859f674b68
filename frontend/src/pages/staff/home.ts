import type { UserOut } from "../../api/types";

/** Where somebody of the staff works. */
export const homeOf = (user: Pick<UserOut, "role">): string => (user.role === "admin" ? "/admin" : "/painel");

/** Where the second factor is set up, before anything else opens to whom it is required of. */
export const SECURITY = "/seguranca";

/** The page wanted before signing in; only addresses of this app are believed. */
export function wantedPath(search: string, fallback: string): string {
  const wanted = new URLSearchParams(search).get("para");
  return wanted && /^\/(?![/\\])/.test(wanted) ? wanted : fallback;
}
