import { describe, expect, test } from "vitest";
import type { RoomOut } from "../../api/types";
import { byDay, hoursOf, onAgenda, placed } from "./layout";

const ZONE = "America/Sao_Paulo";

/** A room by the clinic's clock, on 24 November. */
const room = (id: string, from: string, to: string, change: Partial<RoomOut> = {}): RoomOut =>
  ({
    id,
    state: "open",
    scheduled: true,
    demo: false,
    starts_at: new Date(`2026-11-24T${from}:00-03:00`).toISOString(),
    ends_at: new Date(`2026-11-24T${to}:00-03:00`).toISOString(),
    ...change,
  }) as RoomOut;

const ids = (rooms: readonly RoomOut[]) => rooms.map(({ id }) => id);

describe("what is on the agenda", () => {
  test.each([
    ["in order", [room("b", "10:00", "10:30"), room("a", "09:00", "09:30")], ["a", "b"]],
    ["no demonstration", [room("a", "09:00", "10:00", { demo: true })], []],
    ["an instant one while it is open", [room("a", "09:00", "10:00", { scheduled: false })], ["a"]],
    ["and no more after", [room("a", "09:00", "10:00", { scheduled: false, state: "closed" })], []],
    ["a cancelled one", [room("a", "09:00", "10:00", { state: "closed" })], ["a"]],
    [
      "not when its time is taken again",
      [room("a", "09:00", "10:00", { state: "closed" }), room("b", "09:30", "10:00")],
      ["b"],
    ],
    [
      "but beside its neighbour",
      [room("a", "09:00", "09:30", { state: "closed" }), room("b", "09:30", "10:00")],
      ["a", "b"],
    ],
  ])("%s", (_, rooms, expected) => expect(ids(onAgenda(rooms))).toEqual(expected));
});

test("a room is on the day its clinic's clock shows", () => {
  const late = room("a", "23:30", "23:59");
  const days = byDay([late], ["2026-11-24", "2026-11-25"], ZONE);
  expect(days.map(ids)).toEqual([["a"], []]);
  expect(byDay([late], ["2026-11-24", "2026-11-25"], "UTC").map(ids)).toEqual([[], ["a"]]);
});

describe("lanes", () => {
  const lanes = (...rooms: RoomOut[]) =>
    placed(rooms, ZONE).map(({ room: { id }, lane, lanes: of }) => `${id} ${lane + 1}/${of}`);
  test("one after the other need one", () => {
    expect(lanes(room("a", "09:00", "09:30"), room("b", "09:30", "10:00"))).toEqual(["a 1/1", "b 1/1"]);
  });
  test("those at the same time stand side by side, the next is alone again", () => {
    const found = lanes(
      room("a", "09:00", "10:00"),
      room("b", "09:15", "09:45"),
      room("c", "09:50", "10:30"),
      room("d", "11:00", "11:30"),
    );
    expect(found).toEqual(["a 1/2", "b 2/2", "c 2/2", "d 1/1"]);
  });
  test("a short one is tall enough to be read", () => {
    expect(placed([room("a", "09:00", "09:05")], ZONE)[0]).toMatchObject({ from: 540, to: 560 });
  });
  test("what goes on past midnight ends with the day", () => {
    const long = room("a", "23:30", "23:59", { ends_at: "2026-11-25T04:00:00.000Z" });
    expect(placed([long], ZONE)[0]).toMatchObject({ from: 1410, to: 1440 });
  });
});

test.each([
  ["an empty week shows the usual hours", [], { first: 8, last: 18 }],
  ["an early one is in sight", [room("a", "06:45", "07:15")], { first: 6, last: 18 }],
  ["so is a late one", [room("a", "21:00", "21:30")], { first: 8, last: 22 }],
])("%s", (_, rooms, expected) => expect(hoursOf([placed(rooms, ZONE)])).toEqual(expected));
