/** Time zones for people to choose from. */
import type { Choice } from "../../components/field";
import type { Language } from "../../i18n";

const BRAZIL = [
  "America/Noronha",
  "America/Sao_Paulo",
  "America/Bahia",
  "America/Fortaleza",
  "America/Recife",
  "America/Belem",
  "America/Manaus",
  "America/Cuiaba",
  "America/Campo_Grande",
  "America/Porto_Velho",
  "America/Boa_Vista",
  "America/Rio_Branco",
];

const SPELT: Record<string, string> = {
  Bahia: "Salvador",
  Belem: "Belém",
  Cuiaba: "Cuiabá",
  Noronha: "Fernando de Noronha",
  Sao_Paulo: "Brasília",
};

function place(zone: string): string {
  const last = zone.split("/").at(-1) ?? zone;
  return zone.startsWith("America/") && SPELT[last] ? SPELT[last] : last.replace(/_/g, " ");
}

/** As in "Manaus (GMT-4)", as it is at that moment. */
export function zoneLabel(zone: string, language: Language, at: Date): string {
  const parts = new Intl.DateTimeFormat(language, {
    timeZone: zone,
    timeZoneName: "shortOffset",
  }).formatToParts(at);
  return `${place(zone)} (${parts.find(({ type }) => type === "timeZoneName")?.value ?? "UTC"})`;
}

/** Brazil's first, then all others by name. */
export function zoneChoices(language: Language, at: Date): Choice[] {
  const others = Intl.supportedValuesOf("timeZone").filter(
    (zone) => zone.includes("/") && !zone.startsWith("Etc/") && !BRAZIL.includes(zone),
  );
  const choice = (zone: string) => ({ value: zone, label: zoneLabel(zone, language, at) });
  return [
    ...BRAZIL.map(choice),
    ...others.map(choice).toSorted((one, other) => one.label.localeCompare(other.label, language)),
  ];
}
