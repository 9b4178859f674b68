/** The clinic's clock: the agenda is kept by it, wherever the doctor's device happens to be. */
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { invitee } from "../../api/invitee";
import { useI18n } from "../../i18n";
import { type Format, hereZone, makeFormat } from "../../i18n/format";
import { zoneLabel } from "./zones";

export interface Clinic {
  zone: string;
  format: Format;
  /** As in "Brasília (GMT-3)", as it is at that moment. */
  zoneLabel(at: Date): string;
}

/** Until the server has answered, this device's own zone: nearly always the same one. */
export function useClinic(): Clinic {
  const { language } = useI18n();
  const config = useQuery({
    queryKey: ["config"],
    queryFn: () => invitee.config(),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const zone = config.data?.clinic_zone ?? hereZone();
  return useMemo(
    () => ({
      zone,
      format: makeFormat(language, zone),
      zoneLabel: (at: Date) => zoneLabel(zone, language, at),
    }),
    [language, zone],
  );
}
