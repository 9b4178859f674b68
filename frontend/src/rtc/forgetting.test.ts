import { expect, test, vi } from "vitest";
import { inFakeBrowser, pair, type Side } from "./fake-sides";
import { withoutRepeats } from "./sound";

inFakeBrowser();

const settle = () => vi.advanceTimersByTimeAsync(100);
const ASKED_AGAIN = "a=rtcp-fb:96 nack\r\n";
const asked = (sdp: string | undefined) => sdp?.includes(ASKED_AGAIN);
/** Whether a browser believes that the other side asks for lost pictures again. */
const believes = ({ fake }: Side) => asked(fake.currentRemoteDescription?.sdp);

/** Both talk; the patient's browser signs as Firefox does. */
async function connected() {
  const { doctor, patient } = pair();
  await settle();
  const { fake } = patient;
  Object.defineProperty(fake, "localDescription", {
    get: () => {
      const said = fake.pendingLocalDescription ?? fake.currentLocalDescription;
      return said && { ...said, sdp: `${said.sdp}o=mozilla...THIS_IS_SDPARTA-99.0 1 0 IN IP4 0.0.0.0\r\n` };
    },
  });
  doctor.sent.length = 0;
  patient.sent.length = 0;
  return { doctor, patient };
}

const descriptions = ({ sent }: Side) =>
  sent.flatMap(({ description }) => (description ? [description] : []));

test.each(["doctor", "patient"] as const)(
  "Firefox sends nothing again for six seconds after a restart by the %s, and the other side hears nothing of it",
  async (who) => {
    const both = await connected();
    const { doctor, patient } = both;
    both[who].peer.restart([]);
    await settle();
    expect([believes(doctor), believes(patient)]).toEqual([true, false]);
    await vi.advanceTimersByTimeAsync(5_800);
    expect(believes(patient)).toBe(false);
    await vi.advanceTimersByTimeAsync(200);
    expect([believes(doctor), believes(patient)]).toEqual([true, true]);
    const said = [doctor, patient].flatMap(descriptions);
    expect(said.map(({ type }) => type).sort()).toEqual(["answer", "offer"]);
    expect(said.every(({ sdp }) => asked(sdp))).toBe(true);
  },
);

test("another restart begins the time anew", async () => {
  const { doctor, patient } = await connected();
  doctor.peer.restart([]);
  await vi.advanceTimersByTimeAsync(5_000);
  doctor.peer.restart([]);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(believes(patient)).toBe(false);
  await vi.advanceTimersByTimeAsync(1_500);
  expect(believes(patient)).toBe(true);
});

test("after the call nothing is settled any more", async () => {
  const { doctor, patient } = await connected();
  doctor.peer.restart([]);
  await settle();
  patient.peer.close();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(patient.troubles).toEqual([]);
});

test("only lost pictures are not asked for: whole ones and lost sound are", () => {
  const sound = "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=rtcp-fb:111 nack\r\n";
  const picture = "m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=rtcp-fb:96 nack\r\na=rtcp-fb:96 nack pli\r\n";
  expect(withoutRepeats(sound + picture)).toBe((sound + picture).replace(ASKED_AGAIN, ""));
});
