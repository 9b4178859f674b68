/** What is plugged in. */

import type { DeviceInfo, DeviceList } from "./types";

export const NO_DEVICES: DeviceList = { cameras: [], microphones: [], speakers: [] };

/** Sorts the browser's list. Before a permission was given, entries have no id and say nothing: they are left out. */
export function sorted(
  found: readonly { readonly kind: string; readonly deviceId: string; readonly label: string }[],
): DeviceList {
  const of = (kind: string): DeviceInfo[] =>
    found
      .filter((device) => device.kind === kind && device.deviceId !== "")
      .map((device) => ({ id: device.deviceId, label: device.label }));
  return { cameras: of("videoinput"), microphones: of("audioinput"), speakers: of("audiooutput") };
}

export async function listDevices(): Promise<DeviceList> {
  try {
    return sorted(await navigator.mediaDevices.enumerateDevices());
  } catch {
    return NO_DEVICES;
  }
}
