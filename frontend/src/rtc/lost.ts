/** Devices that went away by themselves, and which of them are back. Pure. */

import type { DeviceInfo, DeviceList } from "./types";

/** The id of what was lost, `""` when the browser never told it; null when nothing is missing. */
export interface Lost {
  readonly microphone: string | null;
  readonly camera: string | null;
}

export const NOTHING_LOST: Lost = { microphone: null, camera: null };

const isHere = (id: string | null, devices: readonly DeviceInfo[]): boolean =>
  id !== null && devices.some((device) => id === "" || device.id === id);

/** Another device that was plugged in is not what was lost: nobody is filmed by a camera they did not choose. */
export function returned(lost: Lost, here: DeviceList): { microphone: boolean; camera: boolean } {
  return {
    microphone: isHere(lost.microphone, here.microphones),
    camera: isHere(lost.camera, here.cameras),
  };
}

/** A microphone was taken: another one than was lost is a makeshift, and the lost one is still missed. */
export function heardAgain(lost: Lost, deviceId: string): Lost {
  return lost.microphone === "" || lost.microphone === deviceId ? { ...lost, microphone: null } : lost;
}
