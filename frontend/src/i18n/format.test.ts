import { describe, expect, test } from "vitest";
import { clock, makeFormat } from "./format";
import { match } from "./language";

describe("times in the reader's own zone", () => {
  const noon = "2026-11-24T15:00:00Z";
  test.each([
    ["pt-BR", "America/Sao_Paulo", "12:00"],
    ["pt-BR", "America/Manaus", "11:00"],
    ["en", "Europe/Lisbon", "03:00 PM"],
    ["es", "America/Sao_Paulo", "12:00"],
  ] as const)("%s in %s is %s", (language, zone, expected) => {
    expect(makeFormat(language, zone).time(noon)).toBe(expected);
  });

  test("the zone is named, so that nobody comes an hour late", () => {
    expect(makeFormat("pt-BR", "America/Sao_Paulo").zone(noon)).toBe("BRT");
  });

  test("a day ends at midnight of the zone, not of UTC", () => {
    const { sameDay } = makeFormat("pt-BR", "America/Sao_Paulo");
    expect(sameDay("2026-11-25T02:00:00Z", noon)).toBe(true);
    expect(sameDay("2026-11-25T03:30:00Z", noon)).toBe(false);
  });

  test("a date reads as dates are written there", () => {
    expect(makeFormat("pt-BR", "UTC").date(noon)).toBe("24/11/2026");
    expect(makeFormat("pt-BR", "UTC").day(noon)).toBe("terça-feira, 24 de novembro");
  });
});

test.each([
  [850, "0,9 s"],
  [4_210, "4,2 s"],
  [59_960, "1 min 0 s"],
  [125_000, "2 min 5 s"],
])("%i ms last %s", (ms, expected) => expect(makeFormat("pt-BR", "UTC").length(ms)).toBe(expected));

test.each([
  [0, "0:00"],
  [65, "1:05"],
  [3700, "1:01:40"],
  [-3, "0:00"],
])("%i s read %s", (seconds, expected) => expect(clock(seconds)).toBe(expected));

test.each([
  ["pt", "pt-BR"],
  ["pt-PT", "pt-BR"],
  ["EN-us", "en"],
  ["es-419", "es"],
  ["fr", null],
  ["", null],
  [null, null],
])("%s asks for %s", (tag, expected) => expect(match(tag)).toBe(expected));
