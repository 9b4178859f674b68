import { describe, expect, test } from "vitest";
import { ApiError } from "../../api/client";
import type { ClinicOut } from "../../api/types";
import { makeI18n } from "../../i18n";
import { ptBR } from "../../i18n/pt-BR";
import { mistakes } from "../staff/paper-form";
import { wishOf } from "../staff/profile-form";
import { clinicLines } from "./clinic-lines";
import { compare } from "./compare-file";

const i18n = makeI18n("pt-BR", ptBR, () => undefined);

describe("a file beside the issued document", () => {
  const issued = { sha256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", size: 3 };
  const signed = [{ sha256: "3608bca1e44ea6c4d268eb6db02260269892c0b42b86bbf1e77a6fa16c3c9282", size: 3 }];
  test.each([
    ["the very one", "abc", "same"],
    ["signed afterwards", "abc and a signature", "more"],
    ["altered", "abd", "other"],
    ["cut off", "ab", "other"],
    ["signed and given back", "xyz", "signed"],
  ])("%s", async (_, content, expected) =>
    expect(await compare(new Blob([content]), { ...issued, signed })).toBe(expected),
  );
});

describe("the clinic's lines", () => {
  const nothing = Object.fromEntries(
    [
      "legal_name",
      "trade_name",
      "cnpj",
      "crm_pj",
      "crm_pj_uf",
      "address",
      "city",
      "uf",
      "postal_code",
      "phone",
    ]
      .concat(["director_name", "director_crm", "director_uf"])
      .map((name) => [name, null]),
  ) as unknown as ClinicOut;
  test("say nothing while nobody has filled them in", () => expect(clinicLines(nothing, i18n.t)).toEqual([]));
  test("name all that the law asks for", () =>
    expect(
      clinicLines(
        {
          ...nothing,
          legal_name: "Horizonte Ltda.",
          trade_name: "Clínica Horizonte",
          cnpj: "12ABC34501DE35",
          crm_pj: "90123",
          crm_pj_uf: "SP",
          address: "Avenida Paulista, 1000",
          city: "São Paulo",
          uf: "SP",
          postal_code: "01310100",
          director_name: "Dr. Anísio",
          director_crm: "45678",
          director_uf: "SP",
        },
        i18n.t,
      ),
    ).toEqual([
      "Clínica Horizonte (Horizonte Ltda.)",
      "CNPJ 12.ABC.345/01DE-35 · CRM-PJ/SP 90123",
      "Avenida Paulista, 1000, São Paulo/SP, CEP 01310-100",
      "Direção técnica: Dr. Anísio, CRM/SP 45678",
    ]));
});

test("a profile's form is read as it was typed, and blank means unknown", () => {
  const form = new FormData();
  const fields = { display_name: " Íris ", crm_number: "1", crm_uf: "XX", rqe: "11, 22;", city: " " };
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  expect(wishOf(form)).toMatchObject({ display_name: "Íris", crm_uf: null, rqe: ["11", "22"], city: null });
});

test("a mistake stands at its field, and says what a CNPJ lacks", () => {
  const errors = [
    { field: "cnpj", code: "cnpj", message: "" },
    { field: "rqe.0", code: "registration", message: "" },
  ];
  expect(mistakes(new ApiError({ status: 422, code: "validation", errors }), i18n.t)).toEqual({
    cnpj: i18n.t("form.wrong.cnpj"),
    rqe: i18n.t("form.wrong"),
  });
});
