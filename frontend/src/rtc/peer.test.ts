import { describe, expect, test, vi } from "vitest";
import { fakeTrack } from "./fake-connection";
import { agree, inFakeBrowser, PAUSED, pair, Side } from "./fake-sides";
import { iceUfrag } from "./sdp";

inFakeBrowser();

const settle = () => vi.advanceTimersByTimeAsync(100);
const states = (...sides: Side[]) =>
  sides.map(({ fake }) => `${fake.signalingState} ${fake.connectionState}`);
const CONNECTED = "stable connected";

describe("setting up", () => {
  test("one offer, one answer, and both are connected", async () => {
    const { doctor, patient } = pair();
    await settle();
    expect(states(doctor, patient)).toEqual([CONNECTED, CONNECTED]);
    expect([doctor.descriptions, patient.descriptions]).toEqual([["offer"], ["answer"]]);
    expect([doctor.troubles, patient.troubles]).toEqual([[], []]);
  });

  test("candidates go in batches", async () => {
    const { doctor } = pair();
    await settle();
    for (const n of [1, 2, 3]) doctor.fake.onicecandidate?.({ candidate: { candidate: `c${n}` } });
    doctor.fake.onicecandidate?.({ candidate: null });
    await settle();
    expect(doctor.sent.at(-1)?.candidates?.length).toBe(3);
  });

  test("the answering side sends and receives in the media of the offer", async () => {
    const { patient } = pair();
    await settle();
    expect(patient.fake.getTransceivers().map(({ direction }) => direction)).toEqual([
      "sendrecv",
      "sendrecv",
    ]);
    expect(patient.peer.receivesVideo).toBe(true);
    expect(patient.peer.stream.getTracks().map(({ kind }) => kind)).toEqual(["audio", "video"]);
  });

  test("a prepared offer says nothing before its time", async () => {
    const { doctor, patient } = pair({ held: true });
    await settle();
    expect([doctor.sent, doctor.fake.signalingState]).toEqual([[], "have-local-offer"]);
    expect(doctor.peer.renew()).toBe(false);
    doctor.peer.say();
    doctor.peer.say();
    await settle();
    expect(states(doctor, patient)).toEqual([CONNECTED, CONNECTED]);
    expect(doctor.descriptions).toEqual(["offer"]);
  });

  test("a connection made in advance is used with the servers of now", async () => {
    const spare = new RTCPeerConnection();
    const patient = new Side(false, {
      spare,
      iceServers: [{ urls: "turn:x", username: "u", credential: "c" }],
    });
    expect(patient.peer.connection).toBe(spare);
    expect(patient.fake.configuration).toEqual({
      bundlePolicy: "max-bundle",
      iceServers: [{ urls: "turn:x", username: "u", credential: "c" }],
    });
  });
});

describe("perfect negotiation", () => {
  test("crossing restarts end stable on both sides", async () => {
    const { doctor, patient } = pair();
    await settle();
    doctor.peer.restart([]);
    patient.peer.restart([]);
    await settle();
    expect(states(doctor, patient)).toEqual([CONNECTED, CONNECTED]);
    expect([doctor.troubles, patient.troubles, agree(doctor, patient)]).toEqual([[], [], true]);
  });

  test("a restart travels: new credentials on both sides, with the servers of now", async () => {
    const { doctor, patient } = pair();
    await settle();
    const before = doctor.fake.localDescription?.sdp;
    doctor.peer.restart([{ urls: "turn:new" }]);
    await settle();
    expect(doctor.fake.localDescription?.sdp).not.toBe(before);
    expect(agree(doctor, patient)).toBe(true);
    expect(doctor.fake.configuration).toMatchObject({ iceServers: [{ urls: "turn:new" }] });
  });

  test.each([
    ["one that is offered already is said again", false, 2, 1],
    ["unless the device has come to another network: then one more follows", true, 3, 2],
  ])("a restart while an offer stands: %s", async (_, moved, generation, told) => {
    const { doctor, patient } = pair();
    await settle();
    doctor.deaf = true;
    doctor.peer.restart([]);
    await settle();
    doctor.deaf = false;
    if (moved) doctor.peer.networkChanged();
    doctor.peer.restart([]);
    await settle();
    expect(iceUfrag(doctor.fake.localDescription?.sdp)).toBe(`${doctor.fake.id}.${generation}`);
    expect([agree(doctor, patient), patient.told]).toEqual([true, told]);
  });

  test("their restart is told, an ordinary offer is not", async () => {
    const { doctor, patient } = pair({ settlesAlone: () => false });
    await settle();
    doctor.peer.setShape(PAUSED);
    await settle();
    expect([doctor.descriptions, doctor.told, patient.told]).toEqual([["offer", "offer"], 0, 0]);
    patient.peer.restart([]);
    await settle();
    expect([doctor.told, patient.told]).toEqual([1, 0]);
  });

  test.each([
    ["that has just been sent may be on its way", 499, []],
    ["that stands for long has been lost", 500, ["offer"]],
  ])("when they offer too, an offer of ours %s", async (_, stands, saidAgain) => {
    const { doctor, patient } = pair();
    await settle();
    patient.deaf = true;
    patient.peer.restart([]);
    await settle();
    const crossing = patient.sent.find(({ description }) => description?.type === "offer");
    doctor.deaf = true;
    doctor.peer.restart([]);
    await vi.advanceTimersByTimeAsync(0);
    doctor.sent.length = 0;
    vi.advanceTimersByTime(stands);
    if (!crossing) throw new Error("no offer of theirs");
    await doctor.peer.receive(crossing);
    expect([doctor.fake.signalingState, doctor.descriptions]).toEqual(["have-local-offer", saidAgain]);
  });

  test("a lost offer does not lock both: it is said again", async () => {
    const { doctor, patient } = pair();
    await settle();
    doctor.deaf = true;
    doctor.peer.restart([]);
    await settle();
    patient.peer.restart([]);
    await settle();
    expect(doctor.fake.signalingState).toBe("have-local-offer");
    doctor.deaf = false;
    expect(doctor.peer.renew()).toBe(true);
    await settle();
    expect(states(doctor, patient)).toEqual([CONNECTED, CONNECTED]);
  });

  test("an offer without an answer is said again by itself", async () => {
    const { doctor, patient } = pair();
    await settle();
    doctor.deaf = true;
    doctor.peer.restart([]);
    await settle();
    doctor.deaf = false;
    await vi.advanceTimersByTimeAsync(4_000);
    await settle();
    expect(states(doctor, patient)).toEqual([CONNECTED, CONNECTED]);
  });

  test("an answer nobody waits for is dropped", async () => {
    const { doctor } = pair();
    await settle();
    await doctor.peer.receive({ session: "s1", description: { type: "answer", sdp: "o=9" } });
    expect([doctor.fake.signalingState, doctor.troubles]).toEqual(["stable", []]);
  });

  test("candidates of another ICE generation are dropped", async () => {
    const { doctor, patient } = pair();
    await settle();
    const before = patient.fake.candidates.length;
    const candidate = { candidate: "c", sdpMid: "0", sdpMLineIndex: 0, usernameFragment: "old" };
    await patient.peer.receive({ session: "s1", candidates: [candidate] });
    expect(patient.fake.candidates.length).toBe(before);
    const ufrag = `${doctor.fake.id}.1`;
    await patient.peer.receive({ session: "s1", candidates: [{ ...candidate, usernameFragment: ufrag }] });
    expect(patient.fake.candidates.length).toBe(before + 1);
  });

  test("what the browser refuses is told, and the next signal is still handled", async () => {
    const { doctor } = pair();
    await settle();
    doctor.fake.setRemoteDescription = () => Promise.reject(new TypeError("bad SDP"));
    await doctor.peer.receive({ session: "s1", description: { type: "offer", sdp: "" } });
    expect(doctor.troubles).toEqual(["TypeError"]);
  });
});

describe("in a call", () => {
  test("another track is sent without a negotiation", async () => {
    const { doctor } = pair();
    await settle();
    const said = doctor.sent.length;
    const video = fakeTrack("video");
    doctor.peer.setTracks({ audio: null, video });
    await settle();
    expect(doctor.fake.getTransceivers().map(({ sender }) => sender.track)).toEqual([null, video]);
    expect(doctor.sent.length).toBe(said);
  });

  test("frames go by the channel once it is open", async () => {
    const { doctor, patient } = pair();
    expect(doctor.peer.post({ t: "bye" })).toBe(false);
    await settle();
    expect(doctor.peer.post({ t: "bye", outcome: "completed" })).toBe(true);
    await settle();
    expect(patient.frames).toEqual([{ t: "bye", outcome: "completed" }]);
  });

  test("closing stops everything, and later signals do nothing", async () => {
    const { doctor } = pair();
    await settle();
    const tracks = doctor.peer.stream.getTracks();
    doctor.peer.close();
    doctor.peer.close();
    doctor.peer.restart([]);
    await doctor.peer.receive({ session: "s1", description: { type: "offer", sdp: "" } });
    expect(tracks.map(({ readyState }) => readyState)).toEqual(["ended", "ended"]);
    expect([doctor.fake.signalingState, doctor.peer.stream.getTracks()]).toEqual(["closed", []]);
  });
});
