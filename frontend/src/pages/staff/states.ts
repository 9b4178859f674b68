/** The states of Brazil, and the zones of its clocks. */

export const STATES = [
  "AC",
  "AL",
  "AM",
  "AP",
  "BA",
  "CE",
  "DF",
  "ES",
  "GO",
  "MA",
  "MG",
  "MS",
  "MT",
  "PA",
  "PB",
  "PE",
  "PI",
  "PR",
  "RJ",
  "RN",
  "RO",
  "RR",
  "RS",
  "SC",
  "SE",
  "SP",
  "TO",
] as const;

export type State = (typeof STATES)[number];

/** Each zone of the country, by the places that go by it. */
export const ZONES: readonly (readonly [zone: string, places: string])[] = [
  ["America/Sao_Paulo", "Brasília, São Paulo, Rio de Janeiro"],
  ["America/Bahia", "Bahia"],
  ["America/Fortaleza", "Fortaleza"],
  ["America/Recife", "Recife"],
  ["America/Maceio", "Maceió"],
  ["America/Araguaina", "Tocantins"],
  ["America/Belem", "Belém"],
  ["America/Santarem", "Santarém"],
  ["America/Noronha", "Fernando de Noronha"],
  ["America/Campo_Grande", "Campo Grande"],
  ["America/Cuiaba", "Cuiabá"],
  ["America/Manaus", "Manaus"],
  ["America/Boa_Vista", "Boa Vista"],
  ["America/Porto_Velho", "Porto Velho"],
  ["America/Eirunepe", "Eirunepé"],
  ["America/Rio_Branco", "Rio Branco"],
];
