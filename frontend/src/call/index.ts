/** The door of this folder: pages import from here only. */

export { createDashboard } from "./dashboard";
export { createLocalMedia } from "./devices";
export { createSession } from "./session";
export * from "./types";
