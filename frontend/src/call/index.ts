/** The door of this folder: pages import from here only. */

export { createSession } from "./create";
export { createDashboard } from "./dashboard";
export { createLocalMedia } from "./devices";
export * from "./types";
