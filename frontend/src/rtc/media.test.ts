import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Devices } from "./media";
import { said } from "./media-view";

/** A track of a browser, as far as devices are concerned. */
class Track extends EventTarget {
  readyState: "live" | "ended" = "live";
  muted = false;
  enabled = true;
  contentHint = "";
  readonly kind: "audio" | "video";
  readonly deviceId: string;
  constructor(kind: Track["kind"], deviceId: string) {
    super();
    this.kind = kind;
    this.deviceId = deviceId;
  }
  get label(): string {
    return this.deviceId;
  }
  getSettings() {
    return { deviceId: this.deviceId };
  }
  stop(): void {
    this.readyState = "ended";
  }
  /** The device is gone. */
  end(): void {
    this.readyState = "ended";
    this.dispatchEvent(new Event("ended"));
  }
  mute(muted: boolean): void {
    this.muted = muted;
    this.dispatchEvent(new Event(muted ? "mute" : "unmute"));
  }
}

class Stream {
  readonly tracks: Track[];
  constructor(tracks: Track[]) {
    this.tracks = tracks;
  }
  getAudioTracks = () => this.tracks.filter(({ kind }) => kind === "audio");
  getVideoTracks = () => this.tracks.filter(({ kind }) => kind === "video");
}

/** What is plugged into a computer, behind `navigator.mediaDevices`. */
class Computer extends EventTarget {
  microphones = ["headset", "built-in"];
  cameras = ["webcam"];
  /** Another program has them. */
  readonly busy = new Set<string>();
  readonly opened: Track[] = [];

  enumerateDevices = async () => [
    ...this.microphones.map((deviceId) => ({ kind: "audioinput", deviceId, label: deviceId })),
    ...this.cameras.map((deviceId) => ({ kind: "videoinput", deviceId, label: deviceId })),
  ];

  getUserMedia = async (wish: MediaStreamConstraints) => {
    const tracks = [
      ...(wish.audio ? [this.#open("audio", this.microphones, wish.audio)] : []),
      ...(wish.video ? [this.#open("video", this.cameras, wish.video)] : []),
    ];
    this.opened.push(...tracks);
    return new Stream(tracks);
  };

  #open(kind: Track["kind"], all: string[], wish: MediaTrackConstraints | true): Track {
    const exact = (wish as { deviceId?: { exact?: string } }).deviceId?.exact;
    const id = all.find((one) => exact === undefined || one === exact);
    if (!id) throw Object.assign(new Error(), { name: exact ? "OverconstrainedError" : "NotFoundError" });
    if (this.busy.has(id)) throw Object.assign(new Error(), { name: "NotReadableError" });
    return new Track(kind, id);
  }

  unplug(id: string): void {
    this.microphones = this.microphones.filter((one) => one !== id);
    this.cameras = this.cameras.filter((one) => one !== id);
    this.dispatchEvent(new Event("devicechange"));
    for (const track of this.opened) if (track.deviceId === id && track.readyState === "live") track.end();
  }

  plug(kind: "microphones" | "cameras", id: string): void {
    this[kind] = [id, ...this[kind]];
    this.dispatchEvent(new Event("devicechange"));
  }
}

class Page extends EventTarget {
  visibilityState: "visible" | "hidden" = "visible";
  turn(state: "visible" | "hidden"): void {
    this.visibilityState = state;
    this.dispatchEvent(new Event("visibilitychange"));
  }
}

let computer: Computer;
let page: Page;
let media: Devices;

beforeEach(async () => {
  vi.useFakeTimers();
  computer = new Computer();
  page = new Page();
  vi.stubGlobal("navigator", { mediaDevices: computer });
  vi.stubGlobal("document", page);
  vi.stubGlobal("MediaStream", Stream);
  media = new Devices({ secure: true, supported: true, userAgent: "" });
  await media.acquire({ audio: true, video: true });
});
afterEach(() => {
  media.release();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const settle = (ms = 0) => vi.advanceTimersByTimeAsync(ms);
const microphone = () => media.tracks.get().audio as unknown as Track | null;
const camera = () => media.tracks.get().video as unknown as Track | null;
const live = () => computer.opened.filter(({ readyState }) => readyState === "live");

describe("a telephone call in between", () => {
  test("is said, also to the other side, and over when the microphone speaks again", async () => {
    microphone()?.mute(true);
    expect(media.view.get()).toMatchObject({ interrupted: true, microphone: { is: "on" } });
    expect(said(media.view.get()).audio).toBe(false);
    microphone()?.mute(false);
    expect(media.view.get().interrupted).toBe(false);
    expect(said(media.view.get()).audio).toBe(true);
    await settle(60_000);
    expect(computer.opened).toHaveLength(2);
  });

  test("that never gives the microphone back: the page asks for it once it is looked at", async () => {
    page.turn("hidden");
    const before = microphone();
    before?.mute(true);
    await settle(60_000);
    expect(microphone(), "nothing is asked behind the person's back").toBe(before);
    page.turn("visible");
    await settle(1_100);
    expect(microphone()).not.toBe(before);
    expect(before?.readyState).toBe("ended");
    expect(media.view.get().interrupted).toBe(false);
    expect(live()).toHaveLength(2);
  });

  test("a microphone that the system keeps mute is asked for a few times only", async () => {
    computer.busy.add("headset");
    const before = microphone();
    before?.mute(true);
    const asked = vi.spyOn(computer, "getUserMedia");
    await settle(300_000);
    expect(asked).toHaveBeenCalledTimes(3);
    expect(microphone()).toBe(before);
    computer.busy.clear();
    page.turn("hidden");
    page.turn("visible");
    await settle(1_100);
    expect(media.view.get().interrupted).toBe(false);
  });

  test("that ends the track: another program has it, and it is back when the page is looked at", async () => {
    computer.microphones = ["headset"];
    page.turn("hidden");
    computer.busy.add("headset");
    microphone()?.end();
    await settle();
    expect(media.view.get().microphone).toEqual({ is: "failed", cause: "microphone_busy" });
    expect(camera()?.readyState, "the picture goes on").toBe("live");
    computer.busy.clear();
    page.turn("visible");
    await settle();
    expect(media.view.get().microphone).toMatchObject({ is: "on", deviceId: "headset" });
  });
});

describe("devices pulled out", () => {
  test("another microphone takes over, and the first one when it is back", async () => {
    computer.unplug("headset");
    await settle();
    expect(media.view.get().microphone).toMatchObject({ is: "on", deviceId: "built-in" });
    computer.plug("microphones", "headset");
    await settle();
    expect(media.view.get().microphone).toMatchObject({ is: "on", deviceId: "headset" });
    expect(live().map(({ deviceId }) => deviceId)).toEqual(["webcam", "headset"]);
    computer.plug("microphones", "third");
    await settle();
    expect(media.view.get().microphone).toMatchObject({ deviceId: "headset" });
  });

  test("the only microphone: said with its cause, and back when plugged in", async () => {
    computer.microphones = ["headset"];
    computer.unplug("headset");
    await settle();
    expect(media.view.get().microphone).toEqual({ is: "failed", cause: "device_lost" });
    computer.plug("microphones", "headset");
    await settle();
    expect(media.view.get().microphone).toMatchObject({ is: "on", deviceId: "headset" });
  });

  test("whoever chose another one meanwhile keeps it", async () => {
    computer.microphones.push("desk");
    computer.unplug("headset");
    await settle();
    await media.chooseMicrophone("desk");
    computer.plug("microphones", "headset");
    await settle();
    expect(media.view.get().microphone).toMatchObject({ deviceId: "desk" });
  });

  test("whoever switched it off meanwhile is not listened to", async () => {
    computer.microphones = ["headset"];
    computer.unplug("headset");
    await settle();
    await media.setMicrophone(false);
    computer.plug("microphones", "headset");
    await settle();
    expect(microphone()).toBeNull();
  });

  test("the camera: said, and back when plugged in", async () => {
    computer.unplug("webcam");
    await settle();
    expect(media.view.get()).toMatchObject({ camera: { is: "failed", cause: "device_lost" }, picture: null });
    expect(microphone()?.readyState).toBe("live");
    computer.plug("cameras", "webcam");
    await settle();
    expect(media.view.get().camera).toMatchObject({ is: "on", deviceId: "webcam" });
  });

  test("another camera films nobody who did not choose it", async () => {
    computer.unplug("webcam");
    await settle();
    computer.plug("cameras", "other");
    await settle();
    expect(camera()).toBeNull();
  });

  test("whoever goes on without a camera is not filmed later", async () => {
    computer.unplug("webcam");
    await settle();
    await media.setCamera(false);
    computer.plug("cameras", "webcam");
    await settle();
    expect(camera()).toBeNull();
  });
});

test("after the release nothing comes back", async () => {
  computer.unplug("webcam");
  media.release();
  computer.plug("cameras", "webcam");
  page.turn("visible");
  await settle(60_000);
  expect(live()).toEqual([]);
});
