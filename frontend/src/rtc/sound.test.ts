import { describe, expect, test } from "vitest";
import {
  asAnswer,
  FULL_SOUND,
  heard,
  opposite,
  type Setup,
  type Sound,
  type SoundRate,
  sameSound,
  sendsPicture,
  setupOf,
  takesPicture,
} from "./sound";

const lines = (...all: string[]) => `${all.join("\r\n")}\r\n`;

const BEGIN = lines("v=0", "o=- 46117 2 IN IP4 127.0.0.1", "s=-", "t=0 0", "a=group:BUNDLE 0 1 2");
const CHROMIUM_AUDIO = lines(
  "m=audio 9 UDP/TLS/RTP/SAVPF 111 63 9 0 8 13 110 126",
  "c=IN IP4 0.0.0.0",
  "a=ice-ufrag:Zx1+",
  "a=setup:actpass",
  "a=mid:0",
  "a=sendrecv",
  "a=rtcp-mux",
  "a=rtpmap:111 opus/48000/2",
  "a=rtcp-fb:111 transport-cc",
  "a=fmtp:111 minptime=10;useinbandfec=1",
  "a=rtpmap:63 red/48000/2",
  "a=fmtp:63 111/111",
  "a=rtpmap:9 G722/8000",
  "a=rtpmap:0 PCMU/8000",
  "a=rtpmap:8 PCMA/8000",
  "a=rtpmap:13 CN/8000",
  "a=rtpmap:110 telephone-event/48000",
  "a=rtpmap:126 telephone-event/8000",
  "a=ssrc:2391176 cname:x",
);
const video = (direction: string) =>
  lines(
    "m=video 9 UDP/TLS/RTP/SAVPF 96 97",
    "c=IN IP4 0.0.0.0",
    "a=setup:actpass",
    "a=mid:1",
    `a=${direction}`,
    "a=rtpmap:96 VP8/90000",
    "a=rtcp-fb:96 nack",
    "a=rtcp-fb:96 nack pli",
    "a=rtpmap:97 rtx/90000",
    "a=fmtp:97 apt=96",
  );
const APPLICATION = lines(
  "m=application 9 UDP/DTLS/SCTP webrtc-datachannel",
  "a=setup:actpass",
  "a=mid:2",
  "a=sctp-port:5000",
);
const CHROMIUM = BEGIN + CHROMIUM_AUDIO + video("sendrecv") + APPLICATION;
const FIREFOX_AUDIO = lines(
  "m=audio 9 UDP/TLS/RTP/SAVPF 109 9 0 8 101",
  "c=IN IP4 0.0.0.0",
  "a=recvonly",
  "a=fmtp:109 maxplaybackrate=48000;stereo=1;useinbandfec=1",
  "a=fmtp:101 0-15",
  "a=rtpmap:109 opus/48000/2",
  "a=rtpmap:9 G722/8000/1",
  "a=rtpmap:101 telephone-event/8000/1",
  "a=setup:active",
);
const FIREFOX = BEGIN + FIREFOX_AUDIO + video("recvonly");

const LEAN: Sound = { rate: "lean", redundant: false, repeats: true };
const RATES: readonly SoundRate[] = ["full", "lean", "thin"];
const EVERY: Sound[] = RATES.flatMap((rate) =>
  [false, true].flatMap((redundant) => [false, true].map((repeats) => ({ rate, redundant, repeats }))),
);
const audioOf = (sdp: string) => sdp.split(/(?=^m=)/m).find((part) => part.startsWith("m=audio")) ?? "";
const found = (sdp: string, what: RegExp) => audioOf(sdp).match(what) ?? [];

describe("the order of payloads, which the sender follows", () => {
  test.each([
    ["sound as it is", CHROMIUM, false, "111 63 9 0 8 13 110 126"],
    ["sound twice", CHROMIUM, true, "63 111 9 0 8 13 110 126"],
    ["sound twice for who knows no RED", FIREFOX, true, "109 9 0 8 101"],
    [
      "Opus first, wherever it was",
      CHROMIUM.replace("111 63 9", "9 63 111"),
      false,
      "111 9 63 0 8 13 110 126",
    ],
  ])("%s", (_, sdp, redundant, payloads) => {
    const told = heard(sdp, { ...FULL_SOUND, redundant });
    expect(found(told, /^m=audio .*$/m)[0]).toBe(`m=audio 9 UDP/TLS/RTP/SAVPF ${payloads}`);
  });
});

describe("what we are told to send", () => {
  test.each([
    ["lost packets of Chromium's", CHROMIUM, "a=rtpmap:111 opus/48000/2", "a=rtcp-fb:111 nack"],
    ["lost packets of Firefox's", FIREFOX, "a=rtpmap:109 opus/48000/2", "a=rtcp-fb:109 nack"],
  ])("%s are asked for again, and it is said once", (_, sdp, map, nack) => {
    const told = heard(sdp, FULL_SOUND);
    expect(told).toContain(`${map}\r\n${nack}\r\n`);
    expect(heard(told, FULL_SOUND)).toBe(told);
    expect(told.length).toBe(sdp.length + nack.length + 2);
  });

  test("nothing is asked for again where that only fills a queue, even if they offer it", () => {
    const offered = CHROMIUM.replace("a=rtpmap:111 opus/48000/2", "$&\r\na=rtcp-fb:111 nack");
    for (const sdp of [CHROMIUM, FIREFOX, offered])
      expect(audioOf(heard(sdp, { ...FULL_SOUND, repeats: false }))).not.toMatch(/^a=rtcp-fb:\d+ nack$/m);
    expect(heard(offered, FULL_SOUND)).toBe(offered);
  });

  test.each<[string, string, SoundRate, string, readonly string[]]>([
    ["Chromium, as it likes", CHROMIUM, "full", "a=fmtp:111 minptime=10;useinbandfec=1", []],
    [
      "Chromium, lean",
      CHROMIUM,
      "lean",
      "a=fmtp:111 minptime=10;useinbandfec=1;maxaveragebitrate=16000",
      ["a=ptime:40"],
    ],
    [
      "Chromium, thin",
      CHROMIUM,
      "thin",
      "a=fmtp:111 minptime=10;useinbandfec=1;maxaveragebitrate=12000;usedtx=1",
      ["a=ptime:60"],
    ],
    [
      "Firefox, lean",
      FIREFOX,
      "lean",
      "a=fmtp:109 maxplaybackrate=48000;stereo=1;useinbandfec=1;maxaveragebitrate=16000",
      ["a=ptime:40"],
    ],
  ])("%s", (_, sdp, rate, fmtp, ptime) => {
    const told = heard(sdp, { ...FULL_SOUND, rate });
    expect(told).toContain(`${fmtp}\r\n`);
    expect([...found(told, /^a=ptime:\d+$/gm)]).toEqual(ptime);
  });

  test("the packet time stands at the end of the sound, before the picture", () => {
    expect(heard(CHROMIUM, LEAN)).toContain("a=ssrc:2391176 cname:x\r\na=ptime:40\r\nm=video ");
  });

  test("also where sound is the last and its last line is open", () => {
    const told = heard((BEGIN + CHROMIUM_AUDIO).trimEnd(), LEAN);
    expect(told.endsWith("a=ssrc:2391176 cname:x\r\na=ptime:40\r\n")).toBe(true);
  });

  test("what they said of these words gives way to ours", () => {
    const theirs = CHROMIUM.replace("minptime=10", "minptime=10; maxaveragebitrate=64000;usedtx=0").replace(
      "a=rtcp-mux",
      "a=ptime:20\r\na=rtcp-mux",
    );
    expect(heard(theirs, { ...FULL_SOUND, rate: "thin" })).toBe(
      heard(CHROMIUM, { ...FULL_SOUND, rate: "thin" }),
    );
  });
});

test.each(EVERY)(
  "being told $rate, redundant $redundant, repeats $repeats, twice is being told once",
  (sound) => {
    for (const sdp of [CHROMIUM, FIREFOX, (BEGIN + CHROMIUM_AUDIO).trimEnd()]) {
      const told = heard(sdp, sound);
      expect(heard(told, sound)).toBe(told);
    }
  },
);

test.each(EVERY)(
  "with $rate, redundant $redundant, repeats $repeats, nothing but the sound is touched",
  (sound) => {
    const told = heard(CHROMIUM, sound);
    expect(told.startsWith(`${BEGIN}m=audio `)).toBe(true);
    expect(told.endsWith(video("sendrecv") + APPLICATION)).toBe(true);
  },
);

test.each([
  ["nothing", ""],
  ["no description", "hello"],
  ["one without sound", BEGIN + video("sendrecv") + APPLICATION],
  ["sound without Opus", `${BEGIN}m=audio 9 RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\n`],
  ["Opus as a word of a longer name", `${BEGIN}m=audio 9 RTP/AVP 96\r\na=rtpmap:96 opusx/48000\r\n`],
])("%s stays as it is", (_, sdp) => {
  for (const sound of EVERY) expect(heard(sdp, sound)).toBe(sdp);
});

test("lines that end in the old way stay valid", () => {
  const told = heard(CHROMIUM.replaceAll("\r\n", "\n"), { ...FULL_SOUND, redundant: true });
  expect(told).toBe(heard(CHROMIUM, { ...FULL_SOUND, redundant: true }).replaceAll("\r\n", "\n"));
});

test.each<[Sound, Sound, boolean]>([
  [FULL_SOUND, { ...FULL_SOUND }, true],
  [FULL_SOUND, { ...FULL_SOUND, redundant: true }, false],
  [FULL_SOUND, { ...FULL_SOUND, repeats: false }, false],
  [FULL_SOUND, { rate: "lean", redundant: false, repeats: true }, false],
])("%j and %j are the same: %s", (a, b, same) => expect(sameSound(a, b)).toBe(same));

describe("the handshake", () => {
  test.each<[string, string | undefined, Setup | null]>([
    ["an offer leaves it open", CHROMIUM, null],
    ["an answer says who begins", FIREFOX, "active"],
    ["or who waits", "v=0\r\na=setup:passive\r\n", "passive"],
    ["a word that only begins so", "v=0\r\na=setup:activeish\r\n", null],
    ["nothing is said", undefined, null],
  ])("%s", (_, sdp, expected) => expect(setupOf(sdp)).toBe(expected));

  test("has two parts", () => {
    expect([opposite("active"), opposite("passive")]).toEqual(["passive", "active"]);
  });
});

describe("the picture", () => {
  test.each([
    ["sendrecv", true, true],
    ["sendonly", false, true],
    ["recvonly", true, false],
    ["inactive", false, false],
  ])("%s", (direction, takes, sends) => {
    // The sound goes the other way: only the picture's own word counts.
    const opposed = { sendrecv: "inactive", inactive: "sendrecv" }[direction] ?? "sendrecv";
    const sdp = BEGIN + CHROMIUM_AUDIO.replace("a=sendrecv", `a=${opposed}`) + video(direction) + APPLICATION;
    expect([takesPicture(sdp), sendsPicture(sdp)]).toEqual([takes, sends]);
  });

  test.each([
    ["a description without one", BEGIN + CHROMIUM_AUDIO],
    ["one that does not say the way", `${BEGIN}m=video 9 RTP/AVP 96\r\n`],
  ])("%s neither takes nor sends", (_, sdp) => {
    expect([takesPicture(sdp), sendsPicture(sdp)]).toEqual([false, false]);
  });

  test("nothing said is nothing sent", () => expect(sendsPicture(undefined)).toBe(false));
});

describe("their answer, said for them", () => {
  test.each<[Setup]>([["active"], ["passive"]])("takes the part %s of the handshake everywhere", (setup) => {
    const answer = asAnswer(CHROMIUM, setup, true);
    expect(answer.match(/^a=setup:\w+$/gm)).toEqual(Array.from({ length: 3 }, () => `a=setup:${setup}`));
    expect(setupOf(answer)).toBe(setup);
    expect(answer.replaceAll(`a=setup:${setup}`, "a=setup:actpass")).toBe(CHROMIUM);
  });

  test.each([
    ["sendrecv", "sendonly"],
    ["sendonly", "sendonly"],
    ["recvonly", "inactive"],
    ["inactive", "inactive"],
  ])("without our picture, %s becomes %s", (before, after) => {
    const told = asAnswer(BEGIN + CHROMIUM_AUDIO + video(before) + APPLICATION, "active", false);
    const expected = BEGIN + CHROMIUM_AUDIO + video(after) + APPLICATION;
    expect(told).toBe(expected.replaceAll("a=setup:actpass", "a=setup:active"));
  });
});
