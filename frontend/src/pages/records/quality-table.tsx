import { useState } from "react";
import { useI18n } from "../../i18n";
import type { Sample } from "./quality-points";
import { figureWords } from "./quality-words";

/** The same figures as text. Made when it is opened: an hour of a call is hundreds of rows. */
export function QualityTable({ name, samples }: { name: string; samples: readonly Sample[] }) {
  const i18n = useI18n();
  const { t, format } = i18n;
  const [open, setOpen] = useState(false);
  const pair = (one: string, other: string) => `${one} / ${other}`;
  const rate = (value: number | null) => (value === null ? t("app.none") : format.number(value / 1e6, 2));
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="py-1 text-sm text-accent">{t("record.chart.table")}</summary>
      {open && (
        <table className="w-full table-fixed text-xs tabular-nums [&_td]:py-1 [&_td]:pr-1 [&_th]:py-1 [&_th]:pr-1">
          <caption className="pb-1 text-left text-muted">{t("record.chart.table.note", { name })}</caption>
          <thead className="border-b border-line text-left align-bottom break-words hyphens-auto text-muted">
            <tr>
              <th scope="col" className="w-18">
                {t("record.chart.time")}
              </th>
              <th scope="col">{t("record.chart.rtt")}</th>
              <th scope="col">{t("record.chart.loss")}</th>
              <th scope="col">{t("record.chart.concealed")}</th>
              <th scope="col">{t("record.chart.rate")}</th>
            </tr>
          </thead>
          <tbody>
            {samples.map((sample) => (
              <tr key={sample.at} className="border-b border-line/60">
                <th scope="row" className="text-left font-normal">
                  {format.seconds(new Date(sample.at))}
                </th>
                <td>{figureWords("rtt_ms", sample.rtt_ms, i18n)}</td>
                <td>
                  {pair(
                    figureWords("loss_in", sample.loss_in, i18n),
                    figureWords("loss_out", sample.loss_out, i18n),
                  )}
                </td>
                <td>{figureWords("concealed", sample.concealed, i18n)}</td>
                <td>{pair(rate(sample.bitrate_in), rate(sample.bitrate_out))}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </details>
  );
}
