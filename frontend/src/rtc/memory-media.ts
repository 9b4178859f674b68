/** Devices that always work and capture nothing, for tests. */

import { NO_DEVICES } from "./device-list";
import { fakeTrack } from "./fake-connection";
import { IDLE, NO_TRACKS } from "./media-view";
import type { Acquired, DeviceList, DeviceState, LocalMedia, LocalMediaView, LocalTracks } from "./types";
import { Value } from "./value";

const DEVICE = { deviceId: "memory", label: "Memory" };
const ON: DeviceState = { is: "on", ...DEVICE };
const MUTED: DeviceState = { is: "muted", ...DEVICE };

export class MemoryMedia implements LocalMedia {
  readonly view = new Value<LocalMediaView>(IDLE);
  readonly tracks = new Value<LocalTracks>(NO_TRACKS);
  readonly devices = new Value<DeviceList>(NO_DEVICES);
  readonly level = new Value(0);
  released = 0;

  async acquire({ audio, video }: { audio: boolean; video: boolean }): Promise<Acquired> {
    if (audio) await this.setMicrophone(true);
    if (video) await this.setCamera(true);
    return { level: "full", problems: [] };
  }
  async setMicrophone(on: boolean): Promise<void> {
    if (on && !this.tracks.get().audio) this.tracks.set({ ...this.tracks.get(), audio: fakeTrack("audio") });
    this.view.update((view) => ({ ...view, microphone: on ? ON : MUTED }));
  }
  async setCamera(on: boolean): Promise<void> {
    this.tracks.set({ ...this.tracks.get(), video: on ? fakeTrack("video") : null });
    this.view.update((view) => ({ ...view, camera: on ? ON : { is: "off" } }));
  }
  async chooseCamera(): Promise<void> {}
  async chooseMicrophone(): Promise<void> {}
  async flipCamera(): Promise<void> {}
  async startScreen(): Promise<boolean> {
    return false;
  }
  stopScreen(): void {}
  async refreshDevices(): Promise<void> {}
  startMeter(): void {}
  release(): void {
    this.released += 1;
    this.tracks.set(NO_TRACKS);
    this.view.set(IDLE);
  }
}
