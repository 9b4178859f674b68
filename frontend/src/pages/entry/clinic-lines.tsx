import { useEffect, useState } from "react";
import { patiently } from "../../api/patience";
import { open } from "../../api/public";
import type { ClinicOut } from "../../api/types";
import { type I18n, useI18n } from "../../i18n";

/** The clinic as the law wants it named, line by line; nothing of what nobody has filled in. */
export function clinicLines(clinic: ClinicOut, t: I18n["t"]): string[] {
  const { legal_name: legal, trade_name: trade, cnpj, postal_code: code } = clinic;
  const council = (number: string | null, uf: string | null) => (number ? `CRM/${uf} ${number}` : "");
  const numbers = [
    cnpj && `CNPJ ${cnpj.replace(/^(..)(...)(...)(....)(..)$/, "$1.$2.$3/$4-$5")}`,
    clinic.crm_pj && `CRM-PJ/${clinic.crm_pj_uf} ${clinic.crm_pj}`,
  ];
  const place = [
    clinic.address,
    clinic.city && clinic.uf ? `${clinic.city}/${clinic.uf}` : clinic.city,
    code && `CEP ${code.slice(0, 5)}-${code.slice(5)}`,
  ];
  const director = clinic.director_name && {
    name: clinic.director_name,
    council: council(clinic.director_crm, clinic.director_uf),
  };
  return [
    trade && legal && trade !== legal ? `${trade} (${legal})` : (trade ?? legal),
    numbers.filter(Boolean).join(" · "),
    place.filter(Boolean).join(", "),
    clinic.phone,
    director ? t("clinic.line.director", director).replace(/, $/, "") : null,
  ].filter((line): line is string => Boolean(line));
}

/** For a footer; silent until the server has answered. */
export function ClinicLines() {
  const { t } = useI18n();
  const [clinic, setClinic] = useState<ClinicOut | null>(null);
  useEffect(() => {
    const gone = new AbortController();
    patiently(() => open.clinic(gone.signal), gone.signal).then(setClinic, () => undefined);
    return () => gone.abort();
  }, []);
  return clinic && clinicLines(clinic, t).map((line) => <p key={line}>{line}</p>);
}
