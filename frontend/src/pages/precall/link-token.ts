/** Takes the personal link's token out of the address at once; from then on it lives in memory only. */
import { Value, type Watched } from "../../components/use-watched";

export interface LinkToken {
  roomId: string;
  token: string;
}

const ROOM = /^\/(?:paciente|video)\/([^/]+?)(?:\/teste)?\/?$/;
const current = new Value<LinkToken | null>(null);

/** The token of the link opened last, or null. */
export const linkToken: Watched<LinkToken | null> = current;

/** The room and token of a personal link, or null for any other address. */
export function readLink(pathname: string, hash: string): LinkToken | null {
  const roomId = ROOM.exec(pathname)?.[1];
  const token = hash.replace(/^#/, "");
  return roomId && token ? { roomId: decodeURIComponent(roomId), token } : null;
}

function takeFromAddress(): void {
  const link = readLink(location.pathname, location.hash);
  if (!link) return;
  history.replaceState(history.state, "", location.pathname + location.search);
  current.set(link);
}

/** Call it before anything else on the page runs. A link pasted into the same tab later is taken as well. */
export function watchAddress(): void {
  takeFromAddress();
  addEventListener("hashchange", takeFromAddress);
}
