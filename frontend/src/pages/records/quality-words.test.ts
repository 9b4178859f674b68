import { describe, expect, test } from "vitest";
import type { CallParticipant } from "../../api/types";
import { makeI18n } from "../../i18n";
import { ptBR } from "../../i18n/pt-BR";
import { chartSentence, endWords, figureWords, summaryRows } from "./quality-words";

const i18n = makeI18n("pt-BR", ptBR, () => undefined);

test.each([
  ["rtt_ms", 84.6, "85 ms"],
  ["loss_in", 0.0153, "1,5%"],
  ["bitrate_out", 1_234_000, "1,23 Mbit/s"],
  ["concealed", null, "—"],
] as const)("%s %s reads %s", (figure, value, expected) => {
  expect(figureWords(figure, value, i18n).replace(/\s%/, "%")).toBe(expected);
});

test.each([
  [{ duration_ms: 4_230, restarts: 0 }, "4,2 s"],
  [{ duration_ms: 65_000, restarts: 1 }, "1 min 5 s · 1 tentativa de reconexão"],
  [{ duration_ms: null, restarts: 3 }, "sem registro de volta · 3 tentativas de reconexão"],
])("an interruption %o reads %s", (one, expected) => {
  expect(endWords({ began_at: "", cause: "silence", ...one }, i18n)).toBe(expected);
});

describe("a summary", () => {
  const full = {
    samples: 60,
    rtt_ms: 65,
    rtt_ms_worst: 367,
    loss_in: 0.01,
    loss_in_worst: 0.1,
    freezes: 2,
    freeze_ms: 1_500,
    limited_bandwidth: 0.16,
    limited_cpu: 0,
    interruptions: 2,
    interruption_ms: 6_200,
    restarts: 3,
  };
  const rows = (summary: CallParticipant["quality"]) =>
    Object.fromEntries(summary ? summaryRows(summary, i18n) : []);

  test("tells the mean, the worst and the sums", () => {
    expect(rows(full)).toMatchObject({
      "Ida e volta": "65 ms, no pior momento 367 ms",
      "Imagem congelada": "2 vezes, 1,5 s no total",
      Interrupções: "2 interrupções, 6,2 s no total",
      "Reconexões tentadas": "3",
    });
  });

  test("of a version that kept less says so and hides nothing", () => {
    expect(rows({ samples: 3, rtt_ms: 35, freezes: 0 })).toMatchObject({
      "Ida e volta": "35 ms",
      "Imagem congelada": "nenhuma vez",
      "Imagem reduzida": i18n.t("app.none"),
      Interrupções: i18n.t("app.none"),
    });
  });

  test("is the sentence of a drawing", () => {
    const person = { name: "Bia", quality: full } as CallParticipant;
    expect(chartSentence(person, "14:00", "14:10", i18n)).toMatch(
      /^Gráfico da ligação de Bia, das 14:00 às 14:10\. Ida e volta: 65 ms.* 2 interrupções, 6,2 s no total\.$/,
    );
    expect(chartSentence({ ...person, quality: null }, "14:00", "14:10", i18n)).toContain("Bia");
  });
});
