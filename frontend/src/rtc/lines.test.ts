import { afterEach, beforeEach, expect, test } from "vitest";
import { fakeBrowser } from "./fake-connection";
import { Lines } from "./lines";

let browser: ReturnType<typeof fakeBrowser>;

beforeEach(() => {
  browser = fakeBrowser();
});
afterEach(() => browser.restore());

function opened() {
  const connection = new RTCPeerConnection();
  const lines = new Lines(connection, {
    tracks: { audio: null, video: null },
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
