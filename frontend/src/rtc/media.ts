/** The one owner of camera, microphone and shared screen of this page. */

import { type Ask, audioConstraints, capture, levelOf, type VideoWish, videoConstraints } from "./capture";
import { listDevices, NO_DEVICES } from "./device-list";
import { blockedBy, causeOf, environment, type MediaEnvironment } from "./media-errors";
import { causeIn, discard, facingOf, failed, IDLE, NO_TRACKS, OFF, standing, stop } from "./media-view";
import { DEAF, type Hearing, isDead, isSpeech, Meter } from "./meter";
import type { Acquired, DeviceList, LocalMedia, LocalMediaView, LocalTracks, MediaCause } from "./types";
import { Value, type Watched } from "./value";

export class Devices implements LocalMedia {
  readonly #view = new Value<LocalMediaView>(IDLE);
  readonly #tracks = new Value<LocalTracks>(NO_TRACKS);
  readonly #devices = new Value<DeviceList>(NO_DEVICES);
  readonly #meter = new Meter((hearing) => this.#onHearing(hearing));
  readonly #env: MediaEnvironment;
  #audio: MediaStreamTrack | null = null;
  #camera: MediaStreamTrack | null = null;
  #screen: MediaStreamTrack | null = null;
  #microphoneOn = true;
  #microphoneId: string | null = null;
  #cameraWish: VideoWish = { facing: "user" };
  #hearing: Hearing = DEAF;
  /** Device work is done one after the other: two taps in a row must not open two cameras. */
  #queue: Promise<unknown> = Promise.resolve();
  /** Rises with each release, so that what was asked before it is not used after it. */
  #epoch = 0;
  #watchingDevices = false;

  constructor(env: MediaEnvironment = environment()) {
    this.#env = env;
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

  async startScreen(): Promise<boolean> {
    if (blockedBy(this.#env) || !navigator.mediaDevices.getDisplayMedia) return false;
    const epoch = this.#epoch;
    try {
      const stream = await navigator.mediaDevices.getDisplayMedia({
        video: { frameRate: { max: 15 } },
        audio: false,
      });
      const [track = null] = stream.getVideoTracks();
      if (!track || epoch !== this.#epoch) {
        stop(track);
        return false;
      }
      stop(this.#screen);
      track.contentHint = "detail";
      // The browser's own "stop sharing" button ends the track.
      track.addEventListener("ended", () => this.#screen === track && this.stopScreen());
      this.#screen = track;
      this.#publish();
      return true;
    } catch {
      return false;
    }
  }

  stopScreen(): void {
    stop(this.#screen);
    this.#screen = null;
    this.#publish();
  }

  async refreshDevices(): Promise<void> {
    if (blockedBy(this.#env)) return;
    if (!this.#watchingDevices) {
      this.#watchingDevices = true;
      navigator.mediaDevices.addEventListener("devicechange", this.#onDeviceChange);
    }
    this.#devices.set(await listDevices());
  }

  startMeter(): void {
    this.#meter.start(this.#audio);
  }

  release(): void {
    this.#epoch += 1;
    this.#meter.stop();
    for (const track of [this.#audio, this.#camera, this.#screen]) stop(track);
    this.#audio = this.#camera = this.#screen = null;
    this.#hearing = DEAF;
    if (this.#watchingDevices)
      navigator.mediaDevices.removeEventListener("devicechange", this.#onDeviceChange);
    this.#watchingDevices = false;
    this.#tracks.set(NO_TRACKS);
    this.#view.set(IDLE);
  }

  readonly #ask: Ask = (constraints) => navigator.mediaDevices.getUserMedia(constraints);
  readonly #onDeviceChange = () => void this.refreshDevices();

  #inTurn<T>(work: (epoch: number) => Promise<T>): Promise<T> {
    const epoch = this.#epoch;
    const done = this.#queue.then(() => work(epoch));
    this.#queue = done.catch(() => undefined);
    return done;
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
      track.addEventListener("ended", () => this.#audio === track && this.#onMicrophoneLost());
    }
    if (this.#meter.running) this.#meter.listenTo(track);
    this.#show({ microphone: cause ? failed(cause) : OFF });
    this.#publish();
    // After the senders have the new one: no gap in the sound.
    stop(before);
  }

  #takeCamera(track: MediaStreamTrack | null, cause: MediaCause | null): void {
    const before = this.#camera;
    this.#camera = track;
    if (track) {
      track.contentHint = "motion";
      track.addEventListener("ended", () => this.#camera === track && this.#takeCamera(null, "device_lost"));
    }
    this.#show({ camera: cause ? failed(cause) : OFF });
    this.#publish();
    stop(before);
  }

  /** A headset was pulled out: the call goes on with whatever microphone the system has now. */
  #onMicrophoneLost(): void {
    this.#microphoneId = null;
    this.#takeMicrophone(null, "device_lost");
    void this.acquire({ audio: true, video: false });
  }

  #onHearing(hearing: Hearing): void {
    this.#hearing = hearing;
    const { is } = this.#view.get().microphone;
    const silent = is === "on" && isDead(hearing);
    const mutedWhileSpeaking = is === "muted" && isSpeech(hearing);
    const shown = this.#view.get();
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
    const video = this.#screen ?? this.#camera;
    const { audio: sentAudio, video: sentVideo } = this.#tracks.get();
    const same = video === sentVideo && shown.picture !== null;
    const held = {
      audio: this.#audio,
      camera: this.#camera,
      screen: this.#screen,
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
