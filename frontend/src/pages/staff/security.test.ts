import { expect, test } from "vitest";
import type { SessionOut, UserOut } from "../../api/types";
import { makeI18n } from "../../i18n";
import { ptBR } from "../../i18n/pt-BR";
import { actsFor, questionOf } from "../admin/user-row";
import { deviceWords } from "./sessions";

const i18n = makeI18n("pt-BR", ptBR, () => undefined);
const user = (change: Partial<UserOut>) =>
  ({
    name: "Bia",
    role: "doctor",
    disabled: false,
    pending: null,
    second_factor: false,
    ...change,
  }) as UserOut;

test.each<[Partial<SessionOut>, string]>([
  [{ device: "phone", browser: "chrome" }, "Celular, Chrome"],
  [{ device: "unknown", browser: "other" }, "Aparelho"],
])("a session on %o is called %s", (session, expected) => {
  expect(deviceWords(session as SessionOut, i18n)).toBe(expected);
});

test.each<[string, Partial<UserOut>, string[]]>([
  ["active", {}, ["reset", "role", "disable"]],
  ["with a second factor", { second_factor: true }, ["reset", "factor", "role", "disable"]],
  ["invited", { pending: "invitation" }, ["resend", "role", "disable"]],
  ["choosing a new password", { pending: "reset" }, ["resend", "role", "disable"]],
  ["disabled", { disabled: true, second_factor: true }, ["enable"]],
])("what can be done to an account that is %s", (_, change, expected) => {
  expect(actsFor(user(change))).toEqual(expected);
});

test("what takes something away is asked first, by name", () => {
  for (const act of ["disable", "reset", "factor", "role"] as const)
    expect(questionOf(act, user({}), i18n)).toContain("Bia");
  for (const act of ["enable", "resend"] as const) expect(questionOf(act, user({}), i18n)).toBeNull();
  expect(questionOf("role", user({ role: "admin" }), i18n)).toContain("Médico(a)");
});
