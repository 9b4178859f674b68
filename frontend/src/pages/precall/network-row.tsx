import { type NetworkVerdict, PATHS, type PathResult, type Paths, verdictOf } from "../../call/paths";
import { Button } from "../../components/button";
import { Icon, type IconName } from "../../components/icon";
import { useI18n } from "../../i18n";
import { type Result, Row } from "./equipment-row";
import { usePaths } from "./use-paths";

const RESULT: Record<NetworkVerdict, Result> = {
  testing: "pending",
  direct: "ok",
  relay_udp: "ok",
  relay_tcp: "ok",
  relay_tls: "ok",
  blocked: "problem",
  refused: "problem",
  unknown: "pending",
};

/** What this network lets through. Nobody waits for it, and it keeps nobody out. */
export function NetworkRow({ urls }: { urls: readonly string[] }) {
  const { t } = useI18n();
  const { paths, runs, again } = usePaths(urls);
  const verdict = verdictOf(paths);
  if (urls.length === 0) return <Row name={t("network")} result="pending" text={t("network.no_relay")} />;
  // Once pressed it stays, or the keyboard's focus would be lost with it.
  const repeatable = verdict === "blocked" || verdict === "refused" || verdict === "unknown" || runs > 0;
  return (
    <Row
      name={t("network")}
      result={RESULT[verdict]}
      text={t(`network.${verdict}`)}
      {...((verdict === "blocked" || verdict === "refused") && { next: t("network.blocked.next") })}
    >
      {repeatable && (
        <Button look="secondary" onClick={again}>
          {t("network.again")}
        </Button>
      )}
      <PathList paths={paths} />
    </Row>
  );
}

const MARK: Record<PathResult, { icon: IconName; look: string }> = {
  ok: { icon: "check", look: "text-ok" },
  blocked: { icon: "close", look: "text-danger" },
  refused: { icon: "close", look: "text-danger" },
  testing: { icon: "dots", look: "text-muted" },
  unknown: { icon: "dots", look: "text-muted" },
  absent: { icon: "dots", look: "text-muted" },
};

/** The four ways, for whoever wants to know or is asked by somebody who helps. */
function PathList({ paths }: { paths: Paths }) {
  const { t } = useI18n();
  return (
    <details>
      <summary className="min-h-11 content-center font-medium text-accent">{t("network.details")}</summary>
      <ul className="grid gap-2 pt-1 pb-1">
        {PATHS.map((name) => {
          const { icon, look } = MARK[paths[name]];
          return (
            <li key={name} className="flex items-start gap-2">
              <Icon name={icon} size={20} className={`mt-0.5 ${look}`} />
              <span>
                {t(`network.path.${name}`)}:{" "}
                <span className="text-muted">{t(`network.result.${paths[name]}`)}</span>
              </span>
            </li>
          );
        })}
      </ul>
    </details>
  );
}
