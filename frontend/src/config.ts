/** Every address the app speaks to, in one table. Same origin unless the build names another one. */

const backend = (import.meta.env.VITE_BACKEND_URL ?? "").replace(/\/+$/, "");

export const config = {
  /** Prefix of REST calls, without a slash at the end: `${apiBase}/rooms`. */
  apiBase: `${backend}/api`,
  /** Origin of the socket server, `""` for the page's own. */
  socketOrigin: backend,
  socketPath: "/socket.io/",
  /** One relay in place of the server's list, for tests only: `turn:host:port?transport=udp|user|password`. */
  turnOverride: import.meta.env.VITE_TURN_SERVER ?? "",
} as const;

/** Where a path of the server's own, as the clinic's logo has one, leads from here. */
export const onServer = (path: string): string => backend + path;
