import { describe, expect, test } from "vitest";
import { fill } from "./catalogue";
import { wordsOf } from "./codes";
import { en } from "./en";
import { es } from "./es";
import { makeI18n } from "./index";
import { ptBR } from "./pt-BR";

const names = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((found) => found[1]).toSorted();

describe.each([
  ["en", en],
  ["es", es],
] as const)("the catalogue in %s", (_, catalogue) => {
  test("has exactly the keys of pt-BR", () => {
    expect(Object.keys(catalogue).toSorted()).toEqual(Object.keys(ptBR).toSorted());
  });

  test("has words for every key, with the same values in them", () => {
    for (const [key, text] of Object.entries(ptBR)) {
      const translated = catalogue[key as keyof typeof ptBR];
      expect(translated.trim(), key).not.toBe("");
      expect(names(translated), key).toEqual(names(text));
    }
  });
});

describe("the words of a code", () => {
  const socket = [
    "unauthorized",
    "expired",
    "revoked",
    "too_early",
    "room_closed",
    "room_full",
    "seat_taken",
    "consent_required",
    "unavailable",
    "rate_limited",
    "protocol",
    "replaced",
    "removed",
    "refused",
    "signed_out",
    "bad_message",
    "forbidden",
    "not_found",
    "not_admitted",
    "too_large",
    "timeout",
    "offline",
  ];
  const rest = [
    "invalid_credentials",
    "too_many_attempts",
    "session_ended",
    "csrf",
    "unsupported_media_type",
    "slot_taken",
    "validation",
    "in_the_past",
    "invalid_link",
    "consent_outdated",
    "missing_link",
  ];
  test.each([...socket, ...rest])("%s says what happened and what to do", (code) => {
    expect(wordsOf(code).known).toBe(true);
  });

  test("every title has its next step", () => {
    const codes = Object.keys(ptBR).filter((key) => key.startsWith("code.") && !key.endsWith(".next"));
    for (const key of codes) expect(ptBR).toHaveProperty([`${key}.next`]);
  });

  test("an unknown code is shown inside a sentence, never alone", () => {
    const { title, next } = makeI18n("pt-BR", ptBR, () => undefined).words("flux_capacitor");
    expect(title).toContain("flux_capacitor");
    expect(title.length).toBeGreaterThan(40);
    expect(next).toContain("Recarregue");
  });

  test("a time is put where the words want one", () => {
    const { next } = makeI18n("en", en, () => undefined).words("too_early", { time: "14:30" });
    expect(next).toContain("opens 14:30");
  });
});

test("every cause of a device's failure has its remedy", () => {
  const causes = Object.keys(ptBR).filter((key) => /^media\.[a-z_]+$/.test(key));
  expect(causes.length).toBeGreaterThanOrEqual(12);
  for (const key of causes) expect(ptBR).toHaveProperty([`${key}.next`]);
});

test.each([
  ["pt-BR", ptBR],
  ["en", en],
  ["es", es],
] as const)("in %s every hint about a call says what happens and one next step", (_, catalogue) => {
  const hints = Object.entries(catalogue).filter(
    ([key]) => key.startsWith("call.hint.") && key !== "call.hint.none",
  );
  expect(hints.length).toBe(6);
  for (const [key, text] of hints) expect(text.split(/(?<=\.) /).length, key).toBe(2);
});

test("a value that is missing stays to be seen", () => {
  expect(fill("Olá, {name}", {})).toBe("Olá, {name}");
  expect(fill("{a} e {b}", { a: 1, b: "dois" })).toBe("1 e dois");
});

test.each([
  ["pt-BR", 1, "1 mensagem nova"],
  ["pt-BR", 3, "3 mensagens novas"],
  ["en", 0, "0 new messages"],
  ["es", 1, "1 mensaje nuevo"],
] as const)("in %s, %i is counted as its language does", (language, count, expected) => {
  const catalogue = { "pt-BR": ptBR, en, es }[language];
  expect(makeI18n(language, catalogue, () => undefined).plural("call.chat.unread", count)).toBe(expected);
});
