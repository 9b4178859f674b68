import { useEffect, useState } from "react";
import { codeOf } from "../../api/client";
import { readiness } from "../../api/readiness";
import type { ReadinessOut, TestWish } from "../../api/types";
import { createLocalMedia, type DeviceState, type LocalMedia } from "../../call";
import { type PathResult, type Paths, UNTESTED, verdictOf } from "../../call/paths";
import { serverNow } from "../../clock";
import { Button } from "../../components/button";
import { Notice } from "../../components/notice";
import { Shell } from "../../components/shell";
import { useWatched } from "../../components/use-watched";
import { useI18n } from "../../i18n";
import { deviceClass } from "../call/device";
import { useLetGo } from "../call/let-go";
import { Equipment } from "../precall/equipment";
import { Row } from "../precall/equipment-row";
import { useHeard } from "../precall/use-heard";
import { lastPaths } from "../precall/use-paths";
import { findings } from "./causes";
import { measureSpeed, probeLine, type Speed } from "./probes";

const causeIn = (state: DeviceState) => (state.is === "failed" ? state.cause : null);
const word = (result: PathResult) => (result === "testing" ? "unknown" : result);

/** Camera, microphone, speaker, network, line and speed; the last press sends what came of it. */
export function TestRun({
  clinic,
  token,
  iceUrls,
  onDone,
}: {
  clinic: string;
  token: string;
  iceUrls: readonly string[];
  onDone: (result: ReadinessOut) => void;
}) {
  const { t, words } = useI18n();
  const [media] = useState(createLocalMedia);
  const { camera, microphone } = useWatched(media.view);
  const heard = useHeard(media.level);
  const paths = useWatched(lastPaths);
  const [speaker, setSpeaker] = useState<boolean | null>(null);
  const { line, speed } = useLineAndSpeed();
  const [sending, setSending] = useState<"no" | "yes" | { code: string }>("no");
  useDevices(media);

  const untouched = camera.is === "off" && microphone.is === "off";
  const asking = camera.is === "starting" || microphone.is === "starting";
  const network = iceUrls.length === 0 ? "unknown" : verdictOf(paths);
  const ready = !untouched && !asking && line !== null && speed !== null && network !== "testing";

  const finish = async () => {
    if (line === null || speed === null) return;
    setSending("yes");
    const on = microphone.is === "on";
    const clockOffsetMs = serverNow().getTime() - Date.now();
    const causes = findings({
      microphone: causeIn(microphone),
      camera: causeIn(camera),
      heard: on ? heard : null,
      speaker,
      websocket: line,
      network,
      ...speed,
      clockOffsetMs,
    });
    const facts: TestWish["facts"] = {
      camera: camera.is === "on",
      microphone: on && heard,
      speaker: speaker === true,
      websocket: line,
      paths: told(iceUrls.length > 0 ? paths : UNTESTED),
      down_kbps: speed.downKbps,
      up_kbps: speed.upKbps,
      clock_offset_s: Math.round(clockOffsetMs / 1000),
      device: deviceClass(),
    };
    try {
      onDone(await readiness.keepTest({ token, causes, facts }));
    } catch (error) {
      setSending({ code: codeOf(error) });
    }
  };

  return (
    <Shell
      arrive
      name={clinic}
      bottom={
        <>
          <p className="text-center text-sm text-muted">{t("test.finish.hint")}</p>
          <Button size="big" onClick={() => void finish()} disabled={!ready || sending === "yes"}>
            {sending === "yes" ? t("test.sending") : t("test.finish")}
          </Button>
        </>
      }
    >
      <div className="grid gap-6 pt-2">
        <h1 className="text-2xl font-semibold">{t("test.title")}</h1>
        {typeof sending === "object" && (
          <Notice tone="problem" title={words(sending.code).title}>
            <p>{words(sending.code).next}</p>
          </Notice>
        )}
        <div className="grid gap-3">
          <Equipment
            media={media}
            iceUrls={iceUrls}
            onStart={() => void tryDevices(media)}
            onSpeaker={setSpeaker}
          />
          <LineRow works={line} />
          <SpeedRow speed={speed} />
        </div>
      </div>
    </Shell>
  );
}

async function tryDevices(media: LocalMedia): Promise<void> {
  media.startMeter();
  await media.acquire({ audio: true, video: true });
}

/** The press that led here lets devices be asked for; they are given back when the page goes on. */
function useDevices(media: LocalMedia): void {
  useEffect(() => void tryDevices(media), [media]);
  useLetGo(media, (gone) => gone.release());
}

function told({ direct, relayUdp, relayTcp, relayTls }: Paths): TestWish["facts"]["paths"] {
  return {
    direct: word(direct),
    relay_udp: word(relayUdp),
    relay_tcp: word(relayTcp),
    relay_tls: word(relayTls),
  };
}

/** Null while it is being found out. */
function useLineAndSpeed(): { line: boolean | null; speed: Speed | null } {
  const [line, setLine] = useState<boolean | null>(null);
  const [speed, setSpeed] = useState<Speed | null>(null);
  useEffect(() => {
    let here = true;
    void probeLine().then((works) => here && setLine(works));
    void measureSpeed().then((found) => here && setSpeed(found));
    return () => {
      here = false;
    };
  }, []);
  return { line, speed };
}

function LineRow({ works }: { works: boolean | null }) {
  const { t } = useI18n();
  const name = t("test.line");
  if (works === null) return <Row name={name} result="pending" text={t("test.line.testing")} />;
  if (works) return <Row name={name} result="ok" text={t("test.line.ok")} />;
  return (
    <Row
      name={name}
      result="problem"
      text={t("cause.websocket_blocked")}
      next={t("cause.websocket_blocked.next")}
    />
  );
}

function SpeedRow({ speed }: { speed: Speed | null }) {
  const { t, format } = useI18n();
  const name = t("test.speed");
  if (speed === null) return <Row name={name} result="pending" text={t("test.speed.testing")} />;
  const { downKbps, upKbps } = speed;
  if (downKbps === null || upKbps === null)
    return <Row name={name} result="pending" text={t("test.speed.unknown")} />;
  const text = t("test.speed.ok", {
    down: format.number(downKbps / 1_000, 1),
    up: format.number(upKbps / 1_000, 1),
  });
  return <Row name={name} result="ok" text={text} />;
}
