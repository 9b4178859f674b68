import { expect, test } from "vitest";
import { readFrame } from "./channel";

const ID = "6f1a5a0e-6a0c-4b8e-9a57-1f0b6f1c2d3e";
const media = { audio: true, video: false, screen: false, recording: false };

test.each([
  ["hello", { t: "hello", media }, { t: "hello", media }],
  ["media, missing words are no", { t: "media", media: { audio: true } }, { t: "media", media }],
  ["media that is no object", { t: "media", media: "all" }, null],
  ["chat", { t: "chat", id: ID, text: "oi", at: "x" }, { t: "chat", id: ID, text: "oi", at: "x" }],
  ["chat without a time", { t: "chat", id: ID, text: "oi" }, { t: "chat", id: ID, text: "oi", at: "" }],
  ["chat with no id of ours", { t: "chat", id: "1", text: "oi" }, null],
  ["chat with an id that is no text", { t: "chat", id: 1, text: "oi" }, null],
  ["blank chat", { t: "chat", id: ID, text: "  " }, null],
  ["chat too long", { t: "chat", id: ID, text: "a".repeat(2_001) }, null],
  ["chat that is no text", { t: "chat", id: ID, text: 1 }, null],
  ["a paused picture", { t: "paused", video: true }, { t: "paused", video: true }],
  ["a picture that is back", { t: "paused", video: "yes" }, { t: "paused", video: false }],
  ["half a probe", { t: "probe", id: 1, pad: "xxx" }, { t: "probe", id: 1 }],
  ["a probe with no number", { t: "probe", id: "1" }, null],
  ["what a probe found", { t: "probed", id: 1, ms: 0.5 }, { t: "probed", id: 1, ms: 0.5 }],
  ["a probe that went back in time", { t: "probed", id: 1, ms: -1 }, null],
  ["a probe that never came", { t: "probed", id: 1, ms: null }, null],
  ["bye", { t: "bye" }, { t: "bye" }],
  ["bye with the outcome", { t: "bye", outcome: "completed" }, { t: "bye", outcome: "completed" }],
  ["a word of tomorrow", { t: "wave" }, null],
  ["a list", [], null],
  ["nothing", null, null],
])("%s", (_, sent, expected) => expect(readFrame(JSON.stringify(sent))).toEqual(expected));

test.each([
  ["broken JSON", "{"],
  ["binary", new ArrayBuffer(1)],
  ["too large", JSON.stringify({ t: "bye", pad: "x".repeat(20_000) })],
])("%s is ignored", (_, raw) => expect(readFrame(raw)).toBeNull());
