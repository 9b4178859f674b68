import { describe, expect, test, vi } from "vitest";
import { agree, inFakeBrowser, PAUSED, pair, type Side } from "./fake-sides";
import { iceUfrag } from "./sdp";
import { BEST, type Shape } from "./shape";

inFakeBrowser();

const LEAN: Shape = { ...BEST, sound: { rate: "lean", redundant: false, repeats: true } };
const TWICE: Shape = { ...BEST, sound: { rate: "full", redundant: true, repeats: true } };
const settle = () => vi.advanceTimersByTimeAsync(100);
/** What the browser was told last that the other side said of sound. */
const told = ({ fake }: Side) => fake.currentRemoteDescription?.sdp ?? "";

async function connected(...changes: Parameters<typeof pair>) {
  const both = pair(...changes);
  await settle();
  both.doctor.sent.length = 0;
  both.patient.sent.length = 0;
  return both;
}

const quiet = (...sides: Side[]) =>
  sides.map(({ sent, troubles, fake }) => [sent, troubles, fake.signalingState]);
const NOTHING = [[], [], "stable"];

describe("settling alone", () => {
  test.each([["doctor"], ["patient"]] as const)(
    "the %s pauses the picture, and nothing is sent",
    async (who) => {
      const both = await connected();
      const { doctor, patient } = both;
      both[who].peer.setShape(PAUSED);
      await settle();
      expect(both[who].picture).toBe("recvonly");
      expect(quiet(doctor, patient)).toEqual([NOTHING, NOTHING]);
      expect([agree(doctor, patient), both[who].peer.receivesVideo]).toEqual([true, true]);
      both[who].peer.setShape(BEST);
      await settle();
      expect(both[who].picture).toBe("sendrecv");
      expect(quiet(doctor, patient)).toEqual([NOTHING, NOTHING]);
    },
  );

  test("both may pause, in any order", async () => {
    const { doctor, patient } = await connected();
    doctor.peer.setShape(PAUSED);
    patient.peer.setShape(PAUSED);
    await settle();
    doctor.peer.setShape(BEST);
    await settle();
    expect([doctor.picture, patient.picture]).toEqual(["sendrecv", "recvonly"]);
    expect(quiet(doctor, patient)).toEqual([NOTHING, NOTHING]);
  });

  test.each([
    ["lean", LEAN, /;maxaveragebitrate=16000\r\n(.+\r\n)*a=ptime:40\r\nm=video/],
    ["twice", TWICE, /^m=audio 9 UDP\/TLS\/RTP\/SAVPF 63 111\r$/m],
  ])("sound is sent %s, and nothing is sent", async (_, shape, words) => {
    const { doctor, patient } = await connected();
    expect(told(doctor)).not.toMatch(words);
    doctor.peer.setShape(shape);
    await settle();
    expect(told(doctor)).toMatch(words);
    expect(quiet(doctor, patient)).toEqual([NOTHING, NOTHING]);
    doctor.peer.setShape(BEST);
    await settle();
    expect(told(doctor)).not.toMatch(words);
  });

  test("only a change of picture or sound is settled", async () => {
    const { doctor } = await connected();
    const before = doctor.fake.currentRemoteDescription;
    doctor.peer.setShape({ ...BEST, maxBitrate: 100_000 });
    await settle();
    expect(doctor.fake.currentRemoteDescription).toBe(before);
    expect(doctor.fake.getTransceivers()[1]?.sender.parameters).toMatchObject({
      encodings: [{ maxBitrate: 100_000 }],
    });
  });

  test("what is negotiated later is told the same of sound", async () => {
    const { doctor, patient } = await connected();
    doctor.peer.setShape(LEAN);
    await settle();
    patient.peer.restart([]);
    await settle();
    expect(told(doctor)).toContain("maxaveragebitrate=16000");
    expect(told(patient)).not.toContain("maxaveragebitrate");
  });
});

describe("asking the other side", () => {
  test("who is another program is asked, on the way down and up", async () => {
    const { doctor, patient } = await connected({ settlesAlone: () => false });
    doctor.peer.setShape(PAUSED);
    await settle();
    expect([doctor.picture, patient.picture, patient.peer.receivesVideo]).toEqual([
      "recvonly",
      "sendonly",
      false,
    ]);
    doctor.peer.setShape(BEST);
    await settle();
    expect([doctor.picture, patient.picture]).toEqual(["sendrecv", "sendrecv"]);
    expect([doctor.descriptions, patient.descriptions]).toEqual([
      ["offer", "offer"],
      ["answer", "answer"],
    ]);
  });

  test("coming back is asked for when our last word promised no picture", async () => {
    const { doctor, patient } = await connected();
    doctor.peer.setShape(PAUSED);
    await settle();
    patient.peer.restart([]);
    await settle();
    expect([doctor.descriptions, patient.picture]).toEqual([["answer"], "sendonly"]);
    doctor.peer.setShape(BEST);
    await settle();
    expect([doctor.descriptions, patient.descriptions]).toEqual([
      ["answer", "offer"],
      ["offer", "answer"],
    ]);
    expect([doctor.picture, patient.picture]).toEqual(["sendrecv", "sendrecv"]);
  });

  test("coming back is asked for when they last took none", async () => {
    const { doctor, patient } = await connected({}, { settlesAlone: () => false });
    patient.peer.setShape(PAUSED);
    doctor.peer.setShape(PAUSED);
    await settle();
    expect([doctor.picture, patient.picture]).toEqual(["inactive", "inactive"]);
    doctor.peer.setShape(BEST);
    patient.peer.setShape(BEST);
    await settle();
    expect([doctor.picture, patient.picture, doctor.troubles]).toEqual(["sendrecv", "sendrecv", []]);
  });

  test("a pause before anything was agreed goes with the first offer's answer", async () => {
    const { doctor, patient } = pair();
    doctor.peer.setShape(PAUSED);
    patient.peer.setShape(PAUSED);
    await settle();
    expect([doctor.picture, patient.picture]).toEqual(["inactive", "inactive"]);
    expect([doctor.troubles, patient.troubles]).toEqual([[], []]);
  });
});

describe("a restart", () => {
  test.each<[string, (side: Side) => void]>([
    [
      "asked for while we settle",
      ({ peer }) => {
        peer.setShape(PAUSED);
        peer.restart([]);
      },
    ],
    [
      "asked for just before we settle",
      ({ peer }) => {
        peer.restart([]);
        peer.setShape(PAUSED);
      },
    ],
  ])("%s is not lost, and its new credentials travel", async (_, ask) => {
    const { doctor, patient } = await connected();
    ask(doctor);
    await settle();
    expect(iceUfrag(doctor.fake.localDescription?.sdp)).toBe(`${doctor.fake.id}.2`);
    expect([agree(doctor, patient), patient.told, doctor.picture]).toEqual([true, 1, "recvonly"]);
    expect([doctor.troubles, patient.troubles]).toEqual([[], []]);
  });

  test("that waits for an answer is not swallowed by what we settle at that moment", async () => {
    let answered = () => {};
    const { doctor, patient } = await connected({ onNegotiated: () => answered() });
    doctor.deaf = true;
    doctor.peer.restart([]);
    await settle();
    doctor.deaf = false;
    answered = () => doctor.peer.setShape(LEAN);
    doctor.peer.networkChanged();
    doctor.peer.restart([]);
    await settle();
    expect(iceUfrag(doctor.fake.localDescription?.sdp)).toBe(`${doctor.fake.id}.3`);
    expect([agree(doctor, patient), patient.told]).toEqual([true, 2]);
    expect(told(doctor)).toContain("maxaveragebitrate=16000");
  });

  test("that theirs came before does not keep us from settling alone", async () => {
    const { doctor, patient } = await connected();
    doctor.deaf = true;
    doctor.peer.restart([]);
    await settle();
    patient.peer.restart([]);
    const [offer] = doctor.sent.filter(({ description }) => description?.type === "offer");
    if (offer) patient.take(offer);
    await settle();
    expect([patient.descriptions, agree(doctor, patient)]).toEqual([["answer"], true]);
    patient.peer.setShape(LEAN);
    await settle();
    expect([told(patient).includes("maxaveragebitrate=16000"), patient.descriptions]).toEqual([
      true,
      ["answer"],
    ]);
  });
});

describe("a settling that fails", () => {
  test("is taken back, told, and asked for instead", async () => {
    const { doctor, patient } = await connected();
    const { setRemoteDescription } = doctor.fake;
    doctor.fake.setRemoteDescription = () => {
      doctor.fake.setRemoteDescription = setRemoteDescription;
      return Promise.reject(new TypeError("bad SDP"));
    };
    doctor.peer.setShape(PAUSED);
    await settle();
    expect([doctor.troubles, doctor.descriptions, patient.descriptions]).toEqual([
      ["settle"],
      ["offer"],
      ["answer"],
    ]);
    expect([doctor.picture, doctor.fake.signalingState]).toEqual(["recvonly", "stable"]);
  });

  test("before it began leaves nothing to be taken back", async () => {
    const { doctor } = await connected();
    const { setLocalDescription } = doctor.fake;
    doctor.fake.setLocalDescription = () => {
      doctor.fake.setLocalDescription = setLocalDescription;
      return Promise.reject(new TypeError("no"));
    };
    doctor.peer.setShape(LEAN);
    await settle();
    expect(quiet(doctor)).toEqual([[[], ["settle"], "stable"]]);
  });

  test("because it is over is no trouble", async () => {
    const { doctor } = await connected();
    doctor.peer.setShape(PAUSED);
    await Promise.resolve();
    doctor.peer.close();
    await settle();
    expect(quiet(doctor)).toEqual([[[], [], "closed"]]);
  });
});

test("a whole picture is sent when it is asked for", async () => {
  const { doctor } = await connected();
  await doctor.peer.lines.tune(true);
  await settle();
  const [, video] = doctor.fake.getTransceivers();
  expect(video?.sender.options).toEqual({ encodingOptions: [{ keyFrame: true }] });
  doctor.peer.lines.setRoomy();
  await settle();
  expect(video?.sender).toMatchObject({
    options: null,
    parameters: { degradationPreference: "maintain-framerate" },
  });
});
