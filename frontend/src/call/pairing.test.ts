import { describe, expect, test } from "vitest";
import { isInitiator, moveFor } from "./pairing";

type Seat = Parameters<typeof moveFor>[0];

const ana: Seat = { id: "d", role: "doctor", state: "admitted", connection: "online", incarnation: "d1" };
const bia: Seat = { id: "a", role: "patient", state: "admitted", connection: "online", incarnation: "a1" };
const caio: Seat = { ...bia, id: "b", role: "companion", incarnation: "b1" };

test("the doctor leads towards everybody, else the smaller id", () => {
  expect([isInitiator(ana, bia), isInitiator(bia, ana)]).toEqual([true, false]);
  expect([isInitiator(bia, caio), isInitiator(caio, bia)]).toEqual([true, false]);
});

const waits = (seat: Seat): Seat => ({ ...seat, state: "waiting" });
const away = (seat: Seat): Seat => ({ ...seat, connection: "away" });
const live = { incarnation: "a1", held: false };
const held = { incarnation: "a1", held: true };
const older = { incarnation: "a0", held: false };

describe("what to do about somebody", () => {
  test.each<[string, Seat, Seat, typeof live | undefined, string]>([
    ["who was admitted", ana, bia, undefined, "offer"],
    ["who stands already", ana, bia, live, "keep"],
    ["whose socket is away, but media stands", ana, away(bia), live, "keep"],
    ["who is away and never stood", ana, away(bia), undefined, "nothing"],
    ["who reloaded", ana, bia, older, "offer"],
    ["who reloaded and is away", ana, away(bia), older, "close"],
    ["who waits", ana, waits(bia), undefined, "prepare"],
    ["who waits and is away", ana, waits(away(bia)), undefined, "nothing"],
    ["who waits, prepared", ana, waits(bia), held, "keep"],
    ["who waits, said a moment ago", ana, waits(bia), live, "keep"],
    ["who waits with a new page", ana, waits(bia), { ...held, incarnation: "a0" }, "prepare"],
    ["who waits away with an old page", ana, waits(away(bia)), { ...held, incarnation: "a0" }, "close"],
    ["prepared and now admitted", ana, bia, held, "say"],
    ["the doctor, for a patient", bia, ana, undefined, "nothing"],
    ["the doctor who reloaded, for a patient", bia, ana, { ...live, incarnation: "d0" }, "close"],
    ["another, for the smaller id", bia, caio, undefined, "offer"],
    ["another who waits, for no doctor", bia, waits(caio), undefined, "nothing"],
    ["anybody, while waiting oneself", waits(bia), ana, undefined, "nothing"],
    ["who stood before one was sent back to wait", waits(bia), ana, live, "close"],
  ])("%s", (_, self, other, standing, move) => expect(moveFor(self, other, standing)).toBe(move));
});
