/** The one owner of camera, microphone and shared screen of this page. */

import { type Ask, audioConstraints, capture, levelOf, type VideoWish, videoConstraints } from "./capture";
import { listDevices, NO_DEVICES } from "./device-list";
import { Interruption } from "./interruption";
import { heardAgain, type Lost, NOTHING_LOST, returned } from "./lost";
import { blockedBy, causeOf, environment, type MediaEnvironment } from "./media-errors";
import {
  causeIn,
  discard,
  facingOf,
  failed,
  IDLE,
  identify,
  NO_TRACKS,
  OFF,
  standing,
  stop,
} from "./media-view";
import { DEAF, type Hearing, isDead, isSpeech, Meter } from "./meter";
import { Screen } from "./screen";
import type { Acquired, DeviceList, LocalMedia, LocalMediaView, LocalTracks, MediaCause } from "./types";
import { Value, type Watched } from "./value";

export class Devices implements LocalMedia {
  readonly #view = new Value<LocalMediaView>(IDLE);
  readonly #tracks = new Value<LocalTracks>(NO_TRACKS);
  readonly #devices = new Value<DeviceList>(NO_DEVICES);
  readonly #meter = new Meter((hearing) => this.#onHearing(hearing));
  readonly #interruption = new Interruption(
    (interrupted) => this.#show({ interrupted }),
    () => this.#openMicrophone(this.#microphoneId),
  );
  readonly #env: MediaEnvironment;
  #audio: MediaStreamTrack | null = null;
  #camera: MediaStreamTrack | null = null;
  readonly #screen: Screen;
  #microphoneOn = true;
  #microphoneId: string | null = null;
  #cameraWish: VideoWish = { facing: "user" };
  #lost: Lost = NOTHING_LOST;
  #hearing: Hearing = DEAF;
  /** Device work is done one after the other: two taps in a row must not open two cameras. */
  #queue: Promise<unknown> = Promise.resolve();
  /** Rises with each release, so that what was asked before it is not used after it. */
  #epoch = 0;
  #watchingDevices = false;

  constructor(env: MediaEnvironment = environment()) {
    this.#env = env;
    this.#screen = new Screen(env, () => this.#publish());
  }

  get view(): Watched<LocalMediaView> {
    return this.#view;
  }
  get tracks(): Watched<LocalTracks> {
    return this.#tracks;
  }
  get devices(): Watched<DeviceList> {
    return this.#devices;
  }
  get level(): Watched<number> {
    return this.#meter.level;
  }

  acquire(wish: { audio: boolean; video: boolean }): Promise<Acquired> {
    return this.#inTurn(async (epoch) => {
      const missing = {
        audio: wish.audio && this.#audio === null,
        video: wish.video && this.#camera === null,
      };
      if (missing.audio) this.#show({ microphone: { is: "starting" } });
      if (missing.video) this.#show({ camera: { is: "starting" } });
      const got = await capture(this.#ask, this.#env, missing, {
        microphoneId: this.#microphoneId,
        camera: this.#cameraWish,
      });
      if (epoch !== this.#epoch) return discard(got);
      if (missing.audio) this.#takeMicrophone(got.audio, causeIn(got, "microphone"));
      if (missing.video) this.#takeCamera(got.video, causeIn(got, "camera"));
      await this.refreshDevices();
      const level = levelOf(this.#audio !== null, this.#camera !== null, got.level === "lower_video");
      return { level, problems: got.problems };
    });
  }

  setMicrophone(on: boolean): Promise<void> {
    this.#microphoneOn = on;
    if (this.#audio) {
      this.#audio.enabled = on;
      this.#publish();
      return Promise.resolve();
    }
    return on ? this.acquire({ audio: true, video: false }).then(() => undefined) : Promise.resolve();
  }

  setCamera(on: boolean): Promise<void> {
    if (on) return this.acquire({ audio: false, video: true }).then(() => undefined);
    return this.#inTurn(async () => this.#takeCamera(null, null));
  }

  chooseCamera(deviceId: string): Promise<void> {
    return this.#changeCamera({ deviceId });
  }

  flipCamera(): Promise<void> {
    const away = (facingOf(this.#camera) ?? this.#cameraWish.facing) === "environment";
    return this.#changeCamera({ facing: away ? "user" : "environment" });
  }

  chooseMicrophone(deviceId: string): Promise<void> {
    this.#lost = { ...this.#lost, microphone: null };
    return this.#openMicrophone(deviceId);
  }

  startScreen(): Promise<boolean> {
    return this.#screen.start();
  }

  stopScreen(): void {
    this.#screen.stop();
  }

  async refreshDevices(): Promise<void> {
    if (blockedBy(this.#env)) return;
    if (!this.#watchingDevices) {
      this.#watchingDevices = true;
      navigator.mediaDevices.addEventListener("devicechange", this.#onDeviceChange);
      globalThis.document?.addEventListener("visibilitychange", this.#onVisible);
    }
    this.#devices.set(await listDevices());
  }

  startMeter(): void {
    this.#meter.start(this.#audio);
  }

  release(): void {
    this.#epoch += 1;
    this.#meter.stop();
    for (const track of [this.#audio, this.#camera]) stop(track);
    this.#audio = this.#camera = null;
    this.#screen.stop();
    this.#hearing = DEAF;
    this.#lost = NOTHING_LOST;
    this.#interruption.watch(null);
    if (this.#watchingDevices) {
      navigator.mediaDevices.removeEventListener("devicechange", this.#onDeviceChange);
      globalThis.document?.removeEventListener("visibilitychange", this.#onVisible);
    }
    this.#watchingDevices = false;
    this.#tracks.set(NO_TRACKS);
    this.#view.set(IDLE);
  }

  readonly #ask: Ask = (constraints) => navigator.mediaDevices.getUserMedia(constraints);
  readonly #onDeviceChange = () => void this.refreshDevices().then(() => this.#bringBack());
  /** A telephone call may have ended a track for good; it is over when the person looks at the page again. */
  readonly #onVisible = () => {
    if (document.visibilityState === "visible") this.#onDeviceChange();
  };

  #inTurn<T>(work: (epoch: number) => Promise<T>): Promise<T> {
    const epoch = this.#epoch;
    const done = this.#queue.then(() => work(epoch));
    this.#queue = done.catch(() => undefined);
    return done;
  }

  #openMicrophone(deviceId: string | null): Promise<void> {
    return this.#inTurn(async (epoch) => {
      this.#microphoneId = deviceId;
      try {
        const stream = await this.#ask({ audio: audioConstraints(deviceId) });
        const [track = null] = stream.getAudioTracks();
        if (epoch !== this.#epoch) return stop(track);
        this.#takeMicrophone(track, null);
      } catch (error) {
        // The one in use goes on; only a person without any is told.
        if (!this.#audio) this.#takeMicrophone(null, causeOf(error, "microphone", this.#env));
      }
    });
  }

  /** The old camera stops first: many phones cannot open two. */
  #changeCamera(wish: VideoWish): Promise<void> {
    return this.#inTurn(async (epoch) => {
      const before = this.#cameraWish;
      this.#cameraWish = wish;
      if (!this.#camera) return;
      stop(this.#camera);
      this.#show({ camera: { is: "starting" } });
      for (const attempt of [wish, before]) {
        try {
          const stream = await this.#ask({ video: videoConstraints(attempt) });
          const [track = null] = stream.getVideoTracks();
          if (epoch !== this.#epoch) return stop(track);
          this.#cameraWish = attempt;
          return this.#takeCamera(track, null);
        } catch (error) {
          if (epoch !== this.#epoch) return;
          this.#takeCamera(null, causeOf(error, "camera", this.#env));
        }
      }
    });
  }

  #takeMicrophone(track: MediaStreamTrack | null, cause: MediaCause | null): void {
    const before = this.#audio;
    this.#audio = track;
    if (track) {
      track.enabled = this.#microphoneOn;
      track.contentHint = "speech";
      const { deviceId } = identify(track);
      this.#lost = heardAgain(this.#lost, deviceId);
      track.addEventListener("ended", () => this.#audio === track && this.#onMicrophoneLost(deviceId));
    }
    this.#interruption.watch(track);
    if (this.#meter.running) this.#meter.listenTo(track);
    // "There is none" is true after it was pulled out, but "it was pulled out" says more.
    const told = cause === "no_device" && this.#lost.microphone !== null ? "device_lost" : cause;
    this.#show({ microphone: told ? failed(told) : OFF });
    this.#publish();
    // After the senders have the new one: no gap in the sound.
    stop(before);
  }

  #takeCamera(track: MediaStreamTrack | null, cause: MediaCause | null): void {
    const before = this.#camera;
    this.#camera = track;
    if (track) {
      track.contentHint = "motion";
      const { deviceId } = identify(track);
      track.addEventListener("ended", () => this.#camera === track && this.#onCameraLost(deviceId));
    }
    if (track || !cause) this.#lost = { ...this.#lost, camera: null };
    this.#show({ camera: cause ? failed(cause) : OFF });
    this.#publish();
    stop(before);
  }

  /** A headset was pulled out: the call goes on with whatever microphone the system has now. */
  #onMicrophoneLost(deviceId: string): void {
    this.#lost = { ...this.#lost, microphone: deviceId };
    this.#microphoneId = null;
    this.#takeMicrophone(null, "device_lost");
    void this.acquire({ audio: true, video: false });
  }

  /** The call goes on without it. */
  #onCameraLost(deviceId: string): void {
    this.#takeCamera(null, "device_lost");
    this.#lost = { ...this.#lost, camera: deviceId };
  }

  /** What was lost and is here again is used again. */
  #bringBack(): void {
    const { microphone, camera } = returned(this.#lost, this.#devices.get());
    if (microphone && this.#microphoneOn) void this.#openMicrophone(this.#lost.microphone || null);
    if (camera && !this.#camera) void this.setCamera(true);
  }

  #onHearing(hearing: Hearing): void {
    this.#hearing = hearing;
    const shown = this.#view.get();
    const { is } = shown.microphone;
    const silent = is === "on" && isDead(hearing);
    const mutedWhileSpeaking = is === "muted" && isSpeech(hearing);
    if (silent !== shown.silent || mutedWhileSpeaking !== shown.mutedWhileSpeaking) {
      this.#show({ silent, mutedWhileSpeaking });
    }
  }

  #show(change: Partial<LocalMediaView>): void {
    this.#view.set({ ...this.#view.get(), ...change });
  }

  /** Tells view and senders what the devices are now. */
  #publish(): void {
    const shown = this.#view.get();
    const video = this.#screen.track ?? this.#camera;
    const { audio: sentAudio, video: sentVideo } = this.#tracks.get();
    const same = video === sentVideo && shown.picture !== null;
    const held = {
      audio: this.#audio,
      camera: this.#camera,
      screen: this.#screen.track,
      microphoneOn: this.#microphoneOn,
    };
    this.#show({
      ...standing(held, shown),
      picture: same ? shown.picture : video && new MediaStream([video]),
      silent: this.#microphoneOn && isDead(this.#hearing) && shown.silent,
      mutedWhileSpeaking: false,
    });
    if (this.#audio !== sentAudio || video !== sentVideo) this.#tracks.set({ audio: this.#audio, video });
  }
}
