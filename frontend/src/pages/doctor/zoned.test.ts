import { describe, expect, test } from "vitest";
import { addDays, changesClock, instantsAt, isDay, startOfDayIn, wallClock, weekOf } from "./zoned";
import { zoneChoices, zoneLabel } from "./zones";

describe("an instant by a clock in a zone", () => {
  test.each([
    ["an ordinary day", "2026-11-24", "14:30", "America/Sao_Paulo", ["2026-11-24T17:30:00Z"]],
    ["an hour to the west", "2026-11-24", "14:30", "America/Manaus", ["2026-11-24T18:30:00Z"]],
    ["a zone of quarters", "2026-11-24", "14:30", "Asia/Kathmandu", ["2026-11-24T08:45:00Z"]],
    ["the last minute of a year", "2026-12-31", "23:59", "America/Sao_Paulo", ["2027-01-01T02:59:00Z"]],
    ["just before the clock goes ahead", "2027-03-28", "00:59", "Europe/Lisbon", ["2027-03-28T00:59:00Z"]],
    ["in the hour that is skipped", "2027-03-28", "01:30", "Europe/Lisbon", []],
    ["just after it", "2027-03-28", "02:00", "Europe/Lisbon", ["2027-03-28T01:00:00Z"]],
    [
      "in the hour that comes twice",
      "2027-10-31",
      "01:30",
      "Europe/Lisbon",
      ["2027-10-31T00:30:00Z", "2027-10-31T01:30:00Z"],
    ],
    ["no time at all", "2026-11-24", "", "America/Sao_Paulo", []],
  ])("%s", (_, day, time, zone, expected) => expect(instantsAt(day, time, zone)).toEqual(expected));

  test("and back again", () => {
    expect(wallClock("2026-11-24T02:30:00Z", "America/Sao_Paulo")).toEqual({
      day: "2026-11-23",
      time: "23:30",
    });
  });
});

test.each([
  ["2026-11-24", "America/Sao_Paulo", "2026-11-24T03:00:00Z"],
  ["2027-03-28", "Europe/Lisbon", "2027-03-28T00:00:00Z"],
  // Summer time began at midnight: the day's first minute was 01:00.
  ["2018-11-04", "America/Sao_Paulo", "2018-11-04T03:00:00Z"],
])("the day %s in %s begins at %s", (day, zone, expected) => expect(startOfDayIn(day, zone)).toBe(expected));

test.each([
  ["2027-03-28", true],
  ["2027-03-29", false],
  ["2027-10-31", true],
])("on %s the clock is changed in Lisbon: %s", (day, expected) =>
  expect(changesClock(day, "Europe/Lisbon")).toBe(expected),
);

test("weeks begin on Monday and cross months and years", () => {
  expect(weekOf("2027-01-01")).toEqual([
    "2026-12-28",
    "2026-12-29",
    "2026-12-30",
    "2026-12-31",
    "2027-01-01",
    "2027-01-02",
    "2027-01-03",
  ]);
  expect(weekOf("2026-11-29")[0]).toBe("2026-11-23");
  expect(addDays("2028-02-28", 1)).toBe("2028-02-29");
});

test.each([
  ["2026-11-24", true],
  ["2026-02-30", false],
  ["24/11/2026", false],
  ["", false],
  [null, false],
])("%s is a day: %s", (text, expected) => expect(isDay(text)).toBe(expected));

describe("zones to choose from", () => {
  const winter = new Date("2026-11-24T12:00:00Z");
  test.each([
    ["America/Sao_Paulo", "Brasília (GMT-3)"],
    ["America/Porto_Velho", "Porto Velho (GMT-4)"],
    ["Asia/Kathmandu", "Kathmandu (GMT+5:45)"],
  ])("%s is %s", (zone, expected) => expect(zoneLabel(zone, "pt-BR", winter)).toBe(expected));

  test("Brazil's come first, each one once", () => {
    const choices = zoneChoices("pt-BR", winter).map(({ value }) => value);
    expect(choices.slice(0, 2)).toEqual(["America/Noronha", "America/Sao_Paulo"]);
    expect(choices).toContain("Europe/Lisbon");
    expect(new Set(choices).size).toBe(choices.length);
  });
});
