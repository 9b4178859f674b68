import { expect, test } from "vitest";
import { iceUfrag, isOfGeneration, isRestart, isStaleAnswer } from "./sdp";

const sdp = (ufrag: string) => `v=0\r\na=ice-ufrag:${ufrag}\r\na=ice-pwd:x\r\n`;

test("reads the ICE generation", () => {
  expect([iceUfrag(sdp("ab+/1")), iceUfrag("v=0"), iceUfrag(undefined)]).toEqual(["ab+/1", null, null]);
});

test.each([
  ["a first answer", { local: undefined, remote: undefined }, "l1", "r1", false],
  ["an answer without restart keeps its generation", { local: "l1", remote: "r1" }, "l1", "r1", false],
  ["a restart answered by a new generation", { local: "l1", remote: "r1" }, "l2", "r2", false],
  ["a restart met by an answer to the offer before", { local: "l1", remote: "r1" }, "l2", "r1", true],
])("%s", (_, current, offer, answer, stale) => {
  const { local, remote } = current;
  const described = { local: local && sdp(local), remote: remote && sdp(remote) };
  expect(isStaleAnswer(described, sdp(offer), sdp(answer))).toBe(stale);
});

test.each([
  ["of this generation", sdp("a"), "a", true],
  ["of another one", sdp("a"), "b", false],
  ["it does not say", sdp("a"), null, true],
  ["the description does not say", "v=0", "b", true],
])("a candidate %s", (_, description, ufrag, expected) => {
  expect(isOfGeneration(description, ufrag)).toBe(expected);
});

test.each([
  ["nobody was there before", undefined, "r1", false],
  ["they keep their generation", "r1", "r1", false],
  ["they begin a new one", "r1", "r2", true],
])("an offer is a restart, or not, when %s", (_, before, offer, expected) => {
  const currentRemoteDescription = before === undefined ? null : { type: "answer", sdp: sdp(before) };
  expect(isRestart({ currentRemoteDescription } as RTCPeerConnection, sdp(offer))).toBe(expected);
});
