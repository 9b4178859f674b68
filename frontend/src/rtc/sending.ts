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

/** The standard's second argument, which the library of types does not know yet. */
interface SenderWithOptions {
  setParameters(
    parameters: RTCRtpSendParameters,
    options?: { readonly encodingOptions: readonly { readonly keyFrame: boolean }[] },
  ): Promise<void>;
}

/** Applies encoding parameters; a browser that does not know one of the words sends with its own defaults. */
export async function encode(
  transceiver: RTCRtpTransceiver | null,
  wish: Partial<RTCRtpEncodingParameters>,
  preference?: RTCDegradationPreference,
  keyFrame = false,
): Promise<void> {
  if (!transceiver) return;
  try {
    const parameters = transceiver.sender.getParameters();
    const [encoding] = parameters.encodings ?? [];
    if (!encoding) return;
    Object.assign(encoding, wish);
    if (preference) parameters.degradationPreference = preference;
    // A whole picture at once (webrtc-extensions); browsers without it wait for the other side to ask.
    const sender: SenderWithOptions = transceiver.sender;
    await sender.setParameters(parameters, keyFrame ? { encodingOptions: [{ keyFrame }] } : undefined);
  } catch {
    // Nothing is lost: the picture is only less well behaved.
  }
}
