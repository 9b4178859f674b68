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

/**
 * Changes no picture that anybody could tell, and yet its size: browsers begin a new size with a whole picture. Going back
 * would make none where no picture was taken in between, so there are two, in turn, and one stays until the size is another.
 */
const NUDGES = [1.01, 1.02] as const;
const CLOSE = 1e-6;

/** Applies encoding parameters; a browser that does not know one of the words sends with its own defaults. */
export async function encode(
  transceiver: RTCRtpTransceiver | null,
  wish: Partial<RTCRtpEncodingParameters>,
  preference?: RTCDegradationPreference,
  keyFrame = false,
): Promise<void> {
  if (!transceiver) return;
  try {
    const { sender } = transceiver;
    const before = scaleOf(sender);
    const wanted = wish.scaleResolutionDownBy ?? 1;
    const nudge = NUDGES.find((nudge) => Math.abs(before - nudge * wanted) < CLOSE);
    const known = await apply(
      sender,
      nudge ? { ...wish, scaleResolutionDownBy: before } : wish,
      preference,
      keyFrame,
    );
    if (!keyFrame || known || scaleOf(sender) !== before) return;
    const next = nudge === NUDGES[0] ? NUDGES[1] : NUDGES[0];
    await apply(sender, { ...wish, scaleResolutionDownBy: next * wanted }, preference);
  } catch {
    // Nothing is lost: the picture is only less well behaved.
  }
}

function scaleOf(sender: RTCRtpSender): number {
  return sender.getParameters().encodings?.[0]?.scaleResolutionDownBy ?? 1;
}

/** Returns whether the browser took the wish for a whole picture at once (webrtc-extensions): Firefox does not read it. */
async function apply(
  sender: RTCRtpSender & SenderWithOptions,
  wish: Partial<RTCRtpEncodingParameters>,
  preference?: RTCDegradationPreference,
  keyFrame = false,
): Promise<boolean> {
  const parameters = sender.getParameters();
  const [encoding] = parameters.encodings ?? [];
  if (!encoding) return true;
  Object.assign(encoding, wish);
  if (preference) parameters.degradationPreference = preference;
  let read = false;
  const options = {
    get encodingOptions() {
      read = true;
      return [{ keyFrame }];
    },
  };
  await sender.setParameters(parameters, keyFrame ? options : undefined);
  return read;
}
