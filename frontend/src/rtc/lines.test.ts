import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { fakeBrowser } from "./fake-connection";
import { Lines } from "./lines";

let browser: ReturnType<typeof fakeBrowser>;

beforeEach(() => {
  browser = fakeBrowser();
});
afterEach(() => browser.restore());

function opened(video: MediaStreamTrack | null = null) {
  const connection = new RTCPeerConnection();
  const lines = new Lines(connection, {
    tracks: { audio: null, video },
    onFrame: () => undefined,
    onChannelOpen: () => undefined,
    onTrouble: () => undefined,
  });
  return { connection, lines };
}

test.each([
  ["that knows the word waits", { jitterBufferTarget: null }, { jitterBufferTarget: 150 }],
  ["that does not is left as it is", {}, {}],
])("sound of a browser %s", (_, receiver, expected) => {
  const { connection, lines } = opened();
  lines.setPlayout(150);
  lines.open();
  const [audio] = connection.getTransceivers();
  Object.assign(audio?.receiver ?? {}, receiver);
  lines.setPlayout(150);
  const { track: _track, ...words } = audio?.receiver ?? { track: null };
  expect(words).toEqual(expected);
});

test("whether the picture goes out is said, and a change only once", () => {
  const { lines } = opened();
  expect(lines.setPicture(false)).toBe(false);
  lines.open();
  expect([lines.setPicture(true), lines.setPicture(false), lines.setPicture(false)]).toEqual([
    false,
    true,
    false,
  ]);
});

describe("while nothing arrives", () => {
  const camera = { kind: "video", contentHint: "motion" } as MediaStreamTrack;
  const screen = { kind: "video", contentHint: "detail" } as MediaStreamTrack;
  const blank = { contentHint: "", stop: vi.fn() };

  /** A page that can make pictures of nothing. */
  function page(): void {
    const captureStream = () => ({ getVideoTracks: () => [blank] });
    vi.stubGlobal("document", { createElement: () => ({ getContext: () => null, captureStream }) });
  }

  beforeEach(() => blank.stop.mockClear());
  afterEach(() => vi.unstubAllGlobals());

  const sent = (connection: RTCPeerConnection) => connection.getTransceivers()[1]?.sender.track;

  test.each([
    ["a camera's picture makes room for a sharp one", camera, "detail"],
    ["a screen makes room for a moving one", screen, "motion"],
  ])("%s of nothing", (_, track, hint) => {
    page();
    const { connection, lines } = opened(track);
    lines.open();
    lines.setResting(true);
    expect(sent(connection)).toBe(blank);
    expect(blank.contentHint).toBe(hint);
    lines.setResting(false);
    expect(sent(connection)).toBe(track);
    expect(blank.stop).toHaveBeenCalledOnce();
  });

  test("no picture goes out where a page can make none, and said twice is said once", () => {
    const { connection, lines } = opened(camera);
    lines.open();
    lines.setResting(true);
    lines.setResting(true);
    expect(sent(connection)).toBeNull();
    lines.setResting(false);
    expect(sent(connection)).toBe(camera);
  });

  test("another camera waits too", () => {
    page();
    const { connection, lines } = opened(camera);
    lines.open();
    lines.setResting(true);
    lines.setTracks({ audio: null, video: screen });
    expect(sent(connection)).toBe(blank);
    lines.setResting(false);
    expect(sent(connection)).toBe(screen);
  });

  test("what stood for the picture ends with the call", () => {
    page();
    const { lines } = opened(camera);
    lines.open();
    lines.setResting(true);
    lines.close();
    expect(blank.stop).toHaveBeenCalledOnce();
  });
});
