import { expect, test } from "vitest";
import type { PeerView } from "../../call";
import { isFrozen } from "./use-sight";

const peer = (wish: { fps?: number | null; link?: PeerView["link"]; video?: boolean; paused?: boolean }) =>
  ({
    link: wish.link ?? "connected",
    media: { audio: true, video: wish.video ?? true, screen: false, recording: false },
    videoPaused: wish.paused ?? false,
    quality: { figures: { fps: wish.fps ?? null } },
  }) as PeerView;

test.each([
  ["nobody is there", [], false],
  ["pictures come", [peer({ fps: 24 })], false],
  ["none of those promised comes", [peer({ fps: 0 })], true],
  ["of one of two people", [peer({ fps: 24 }), peer({ fps: 0 })], true],
  ["none was promised", [peer({ fps: 0, video: false })], false],
  ["they were put away for the sound's sake", [peer({ fps: 0, paused: true })], false],
  ["the way itself is down, which is another cause", [peer({ fps: 0, link: "reconnecting" })], false],
])("%s", (_, peers, expected) => expect(isFrozen(peers)).toBe(expected));
