import { useQuery } from "@tanstack/react-query";
import { staff } from "../../api/staff";
import type { CallDetail, QualityPoint } from "../../api/types";
import { Loading } from "../../components/loading";
import { useI18n } from "../../i18n";
import { ProblemNotice } from "../staff/problem";
import { QualityChart } from "./quality-chart";
import { rangeOf, samplesOf } from "./quality-points";

/** After so many days the server has erased the single reports. */
const KEPT_DAYS = 90;

/** How the call was for each person, over time. */
export function CallQuality({ call }: { call: CallDetail }) {
  const { t } = useI18n();
  const quality = useQuery({ queryKey: ["call", call.id, "quality"], queryFn: () => staff.quality(call.id) });
  if (quality.isPending) return <Loading label={t("app.loading")} />;
  if (quality.isError) return <ProblemNotice error={quality.error} onRetry={() => void quality.refetch()} />;
  const points = quality.data.items;
  if (points.length === 0) return <Nothing call={call} />;
  return <Charts call={call} points={points} />;
}

function Charts({ call, points }: { call: CallDetail; points: readonly QualityPoint[] }) {
  const { t, term } = useI18n();
  const range = rangeOf(call, points);
  const people = call.participants.map((person) => ({
    person,
    samples: samplesOf(points, person.participant_id),
  }));
  const numbered = call.participants.some(({ interruptions }) => interruptions.length > 0);
  const all = people.flatMap(({ samples }) => samples);
  return (
    <>
      <p className="text-sm text-muted">{t("record.chart.note")}</p>
      <ul className="grid grid-cols-1 items-start gap-x-8 gap-y-6 lg:grid-cols-2">
        {people.map(({ person, samples }) => (
          <li key={person.participant_id} className="grid grid-cols-1 gap-2">
            <h3 className="font-medium">
              {person.name} · {term("role", person.role)}
            </h3>
            {samples.length > 0 ? (
              <QualityChart person={person} samples={samples} all={all} range={range} numbered={numbered} />
            ) : (
              <p className="text-muted">{t("record.chart.none")}</p>
            )}
          </li>
        ))}
      </ul>
    </>
  );
}

function Nothing({ call }: { call: CallDetail }) {
  const { t } = useI18n();
  const days = (Date.now() - new Date(call.started_at).getTime()) / 86_400_000;
  const measured = call.participants.some(({ quality }) => quality);
  const purged = measured || days > KEPT_DAYS;
  return <p className="text-muted">{t(purged ? "record.chart.purged" : "record.chart.never")}</p>;
}
