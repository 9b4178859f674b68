import { describe, expect, test } from "vitest";
import { type Ask, capture, levelOf, videoConstraints } from "./capture";

const env = { secure: true, supported: true, userAgent: "Chrome" };
const chosen = { microphoneId: null, camera: { facing: "user" } } as const;
const both = { audio: true, video: true };

function fault(name: string): never {
  throw Object.assign(new Error(), { name });
}

/** A browser with these devices; each rule may refuse a request. */
function browser(refuse: (wish: MediaStreamConstraints) => void): { ask: Ask; asked: string[] } {
  const asked: string[] = [];
  const ask: Ask = async (wish) => {
    asked.push(Object.keys(wish).join("+"));
    refuse(wish);
    const tracks = (kind: string, there: unknown) => (there ? [{ kind } as MediaStreamTrack] : []);
    const audio = tracks("audio", wish.audio);
    const video = tracks("video", wish.video);
    return { getAudioTracks: () => audio, getVideoTracks: () => video } as MediaStream;
  };
  return { ask, asked };
}

const width = (wish: MediaStreamConstraints) =>
  typeof wish.video === "object" && typeof wish.video.width === "object" ? wish.video.width.ideal : undefined;

describe("the ladder", () => {
  test("everything, with one question", async () => {
    const { ask, asked } = browser(() => undefined);
    expect(await capture(ask, env, both, chosen)).toMatchObject({ level: "full", problems: [] });
    expect(asked).toEqual(["audio+video"]);
  });

  test("a smaller picture where the large one cannot be had", async () => {
    const { ask } = browser((wish) => width(wish) === 1280 && fault("OverconstrainedError"));
    expect(await capture(ask, env, both, chosen)).toMatchObject({ level: "lower_video", problems: [] });
  });

  test("sound alone while another program has the camera", async () => {
    const { ask, asked } = browser((wish) => wish.video && fault("NotReadableError"));
    const got = await capture(ask, env, both, chosen);
    expect(got).toMatchObject({
      level: "audio_only",
      problems: [{ device: "camera", cause: "camera_busy" }],
    });
    expect(asked).toEqual(["audio+video", "audio", "video", "video", "video"]);
  });

  test("a person's no is asked no further", async () => {
    const { ask, asked } = browser(() => fault("NotAllowedError"));
    const got = await capture(ask, env, both, chosen);
    expect(got.level).toBe("listen_only");
    expect(got.problems).toEqual([
      { device: "microphone", cause: "permission_denied" },
      { device: "camera", cause: "permission_denied" },
    ]);
    expect(asked).toEqual(["audio+video", "audio", "video"]);
  });

  test("a picture alone where there is no microphone", async () => {
    const { ask } = browser((wish) => wish.audio && fault("NotFoundError"));
    const got = await capture(ask, env, both, chosen);
    expect(got).toMatchObject({
      level: "video_only",
      problems: [{ device: "microphone", cause: "no_device" }],
    });
  });

  test("nothing is asked where nothing can be had", async () => {
    const { ask, asked } = browser(() => undefined);
    const got = await capture(ask, { ...env, secure: false }, { audio: true, video: false }, chosen);
    expect(got.problems).toEqual([{ device: "microphone", cause: "insecure_origin" }]);
    const camera = await capture(ask, { ...env, supported: false }, { audio: false, video: true }, chosen);
    expect(camera.problems).toEqual([{ device: "camera", cause: "unsupported_browser" }]);
    expect(asked).toEqual([]);
  });

  test("only what is wished for is asked", async () => {
    const { ask, asked } = browser(() => undefined);
    await capture(ask, env, { audio: true, video: false }, { ...chosen, microphoneId: "m" });
    await capture(ask, env, { audio: false, video: true }, chosen);
    expect(asked).toEqual(["audio", "video"]);
  });
});

test("a chosen camera is exact, a direction is only a wish", () => {
  expect(videoConstraints({ deviceId: "c", facing: "user" })).toMatchObject({ deviceId: { exact: "c" } });
  expect(videoConstraints({ deviceId: "c", facing: "user" }).facingMode).toBeUndefined();
  expect(videoConstraints({ facing: "environment" })).toMatchObject({ facingMode: { ideal: "environment" } });
});

test("levels", () => {
  expect([levelOf(true, true, false), levelOf(true, true, true)]).toEqual(["full", "lower_video"]);
});
