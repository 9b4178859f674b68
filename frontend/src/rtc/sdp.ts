/** The few facts of a session description that negotiation needs. Pure. */

import type { Candidate } from "./types";

/** The ICE user name fragment of the first medium, null when there is none. */
export function iceUfrag(sdp: string | undefined): string | null {
  return /^a=ice-ufrag:(\S+)/m.exec(sdp ?? "")?.[1] ?? null;
}

/**
 * Whether `answer` belongs to an older offer than the pending one. An offer that was sent twice is answered twice; when
 * the second copy arrives after a restart was offered, it still names the old ICE generation of the other side.
 */
export function isStaleAnswer(
  current: { local: string | undefined; remote: string | undefined },
  pendingOffer: string | undefined,
  answer: string,
): boolean {
  const before = iceUfrag(current.local);
  const restarting = before !== null && before !== iceUfrag(pendingOffer);
  return restarting && iceUfrag(current.remote) === iceUfrag(answer);
}

/** Whether an answer is late mail: nothing is asked, or it belongs to an older offer. */
export function isLateAnswer(connection: RTCPeerConnection, answer: string): boolean {
  const { signalingState, currentLocalDescription, currentRemoteDescription, pendingLocalDescription } =
    connection;
  if (signalingState !== "have-local-offer" && signalingState !== "have-remote-pranswer") return true;
  const current = { local: currentLocalDescription?.sdp, remote: currentRemoteDescription?.sdp };
  return isStaleAnswer(current, pendingLocalDescription?.sdp, answer);
}

/** Whether our open offer begins a new ICE generation in a connection that had one. */
export function offersRestart({
  currentLocalDescription,
  pendingLocalDescription,
}: RTCPeerConnection): boolean {
  const before = iceUfrag(currentLocalDescription?.sdp);
  return before !== null && before !== iceUfrag(pendingLocalDescription?.sdp);
}

/** Whether an offer of theirs begins a new ICE generation in a connection that had one. */
export function isRestart(connection: RTCPeerConnection, offer: string): boolean {
  const before = iceUfrag(connection.currentRemoteDescription?.sdp);
  return before !== null && before !== iceUfrag(offer);
}

/** Whether the candidate's ICE generation is the one the description speaks of; true when it cannot be told. */
export function isOfGeneration(sdp: string | undefined, ufrag: string | null): boolean {
  return ufrag === null || iceUfrag(sdp) === null || iceUfrag(sdp) === ufrag;
}

/** Above every first candidate: those have types below 127 (RFC 8445, 5.1.2.1). */
const NEWER = 127 * 2 ** 24;
const MOST_GENERATIONS = 63;

/**
 * Their candidates, alone or in a description, with those of a later ICE generation above all earlier ones and in the
 * same order. Chromium drops a new way that ranks below one which it still believes in, for the 2.5 s that this belief
 * takes to die: and a phone's second network ranks below its first, and a relay below everything.
 */
export function ranked(text: string, generation: number): string {
  if (generation === 0) return text;
  const base = NEWER + Math.min(MOST_GENERATIONS, generation) * 2 ** 18;
  return text.replace(
    /^((?:a=)?candidate:\S+ \d+ \S+ )(\d+)/gm,
    (_, before: string, priority: string) => `${before}${base + (Number(priority) >>> 13)}`,
  );
}

/** The form of a candidate that travels. */
export function toCandidate({
  candidate,
  sdpMid,
  sdpMLineIndex,
  usernameFragment,
}: RTCIceCandidate): Candidate {
  return { candidate, sdpMid, sdpMLineIndex, usernameFragment };
}
