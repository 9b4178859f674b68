/** How a connection is set up, and how its senders share the link. */

import type { IceServer } from "./types";

export function rtcConfiguration(servers: readonly IceServer[]): RTCConfiguration {
  return {
    bundlePolicy: "max-bundle",
    iceServers: servers.map(({ urls, username, credential }) => ({
      urls: typeof urls === "string" ? urls : [...urls],
      ...(username ? { username } : {}),
      ...(credential ? { credential } : {}),
    })),
  };
}

/** Sound goes first. */
export const SOUND = { priority: "high", networkPriority: "high" } as const;
export const PICTURE = { priority: "low", networkPriority: "low" } as const;

/** Applies encoding parameters; a browser that does not know one of the words sends with its own defaults. */
export async function encode(
  transceiver: RTCRtpTransceiver | null,
  wish: Partial<RTCRtpEncodingParameters>,
  preference?: RTCDegradationPreference,
): Promise<void> {
  if (!transceiver) return;
  try {
    const parameters = transceiver.sender.getParameters();
    const [encoding] = parameters.encodings ?? [];
    if (!encoding) return;
    Object.assign(encoding, wish);
    if (preference) parameters.degradationPreference = preference;
    await transceiver.sender.setParameters(parameters);
  } catch {
    // Nothing is lost: the picture is only less well behaved.
  }
}
