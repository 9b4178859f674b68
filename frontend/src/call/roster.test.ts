import { expect, test } from "vitest";
import { NO_MEDIA } from "../rtc/types";
import type { Participant, RoomState } from "../signaling/protocol";
import {
  fromRoomState,
  withCall,
  withMedia,
  withoutParticipant,
  withParticipant,
  withPosition,
} from "./roster";

const person = (id: string, change: Partial<Participant> = {}): Participant => ({
  id,
  name: id,
  role: "patient",
  state: "waiting",
  media: NO_MEDIA,
  connection: "online",
  incarnation: `${id}-page`,
  since: "2026-01-01T12:00:00Z",
  device: null,
  ...change,
});

const ana = person("ana", { role: "doctor", state: "admitted" });
const bia = person("bia");
const start = fromRoomState({
  version: 5,
  self: ana,
  participants: [ana, bia],
  call: null,
  position: null,
} as unknown as RoomState);

test("oneself is not among the others", () => {
  expect(start.others).toEqual([bia]);
});

test.each([
  ["newer is taken", 6, "admitted"],
  ["of the same change is taken", 5, "admitted"],
  ["older is dropped", 4, "waiting"],
])("an update that is %s", (_, version, state) => {
  const next = withParticipant(start, version, { ...bia, state: "admitted" });
  expect(next.others[0]?.state).toBe(state);
});

test("somebody new comes last, and news of oneself is of oneself", () => {
  const caio = person("caio");
  const next = withParticipant(withParticipant(start, 6, caio), 7, { ...ana, connection: "away" });
  expect(next.others.map(({ id }) => id)).toEqual(["bia", "caio"]);
  expect([next.self.connection, next.version]).toEqual(["away", 7]);
});

test("who left is gone, unless the news is old", () => {
  expect(withoutParticipant(start, 6, "bia").others).toEqual([]);
  expect(withoutParticipant(start, 4, "bia")).toBe(start);
});

test("the call, the media and the place in the queue", () => {
  const call = { id: "c", started_at: "2026-01-01T12:00:00Z" };
  expect(withCall(start, 6, call).call).toBe(call);
  expect(withCall(start, 1, call)).toBe(start);
  expect(withMedia(start, "bia", { ...NO_MEDIA, audio: true }).others[0]?.media.audio).toBe(true);
  expect(withMedia(start, "nobody", NO_MEDIA).others).toEqual([bia]);
  expect(withPosition(start, 2, null).position).toBe(2);
});
