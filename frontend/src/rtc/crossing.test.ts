import { expect, test, vi } from "vitest";
import type { FakeConnection } from "./fake-connection";
import { describing } from "./fake-lines";
import { inFakeBrowser } from "./fake-sides";
import { Peer } from "./peer";

inFakeBrowser();

const THEIR_OFFER = {
  session: "s1",
  description: { type: "offer", sdp: "v=0\r\na=ice-ufrag:x\r\n" },
} as const;
const ANSWER = {
  session: "s1",
  description: { type: "answer", sdp: describing(99, 1, "active", ["sendrecv", "sendrecv"]) },
} as const;

/** One whose offer was made at the moment 0; `said` counts how often. */
async function offering(): Promise<{ peer: Peer; said: () => number }> {
  let said = 0;
  const nothing = () => undefined;
  const peer = new Peer({
    session: "s1",
    initiator: true,
    held: false,
    iceServers: [],
    tracks: { audio: null, video: null },
    send: ({ description }) => {
      if (description) said += 1;
    },
    onFrame: nothing,
    onChannelOpen: nothing,
    onConnection: nothing,
    onNegotiated: nothing,
    onRestarted: nothing,
    onTrouble: nothing,
    settlesAlone: () => false,
  });
  await vi.advanceTimersByTimeAsync(0);
  expect((peer.connection as unknown as FakeConnection).signalingState).toBe("have-local-offer");
  return { peer, said: () => said };
}

test("an offer that crosses a fresh one of ours has half a second to be a coincidence", async () => {
  const { peer, said } = await offering();
  await vi.advanceTimersByTimeAsync(400);
  await peer.receive(THEIR_OFFER);
  await vi.advanceTimersByTimeAsync(90);
  expect(said()).toBe(1);
  await vi.advanceTimersByTimeAsync(20);
  expect(said(), "ours never came: it is said again").toBe(2);
  peer.close();
});

test("an answer in that time ends it", async () => {
  const { peer, said } = await offering();
  await peer.receive(THEIR_OFFER);
  await peer.receive(ANSWER);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(said()).toBe(1);
  peer.close();
});

test("an offer that meets an old one of ours is met by it at once", async () => {
  const { peer, said } = await offering();
  await vi.advanceTimersByTimeAsync(600);
  await peer.receive(THEIR_OFFER);
  expect(said()).toBe(2);
  peer.close();
});
