import type { PeerView } from "../../call";
import { useI18n } from "../../i18n";

/** Plain words first, figures below them. */
export function QualityDetails({ peer }: { peer: PeerView }) {
  const { t, format } = useI18n();
  const { quality } = peer;
  const grade = quality?.grade ?? "unknown";
  const figures = quality?.figures;
  const none = t("app.none");
  const ms = (value: number | null | undefined) => (value == null ? none : `${format.number(value)} ms`);
  const share = (value: number | null | undefined) => (value == null ? none : format.percent(value));
  const rate = (value: number | null | undefined) =>
    value == null ? none : `${format.number(value / 1e6, 2)} Mbit/s`;
  const picture =
    figures?.width && figures.height
      ? `${figures.width} × ${figures.height}, ${format.number(figures.fps ?? 0)} fps`
      : none;
  const path = quality?.path;
  const rows = [
    [t("call.figure.rtt"), ms(figures?.rtt_ms)],
    [t("call.figure.jitter"), ms(figures?.jitter_ms)],
    [t("call.figure.loss_in"), share(figures?.loss_in)],
    [t("call.figure.loss_out"), share(figures?.loss_out)],
    [t("call.figure.concealed"), share(figures?.concealed)],
    [t("call.figure.picture"), picture],
    [t("call.figure.bitrate_in"), rate(figures?.bitrate_in)],
    [t("call.figure.bitrate_out"), rate(figures?.bitrate_out)],
    [
      t("call.figure.path"),
      path ? `${t(`call.figure.path.${path.kind}`)} (${path.protocol.toUpperCase()})` : none,
    ],
  ];
  return (
    <div className="grid gap-2">
      <p>
        <strong>{peer.name}:</strong> {t(`call.quality.${grade}`)}.{" "}
        {t(quality ? `call.hint.${quality.hint ?? "none"}` : "call.quality.help.unknown")}
      </p>
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 text-sm">
        {rows.map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-muted">{name}</dt>
            <dd className="tabular-nums">{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
