import { useState } from "react";
import type { DeviceState, LocalMedia } from "../../call";
import { Button } from "../../components/button";
import { LevelMeter } from "../../components/level-meter";
import { useWatched } from "../../components/use-watched";
import { Video } from "../../components/video";
import { useI18n } from "../../i18n";
import { DevicePicker } from "./device-picker";
import { Row } from "./equipment-row";
import { NetworkRow } from "./network-row";
import { SpeakerRow } from "./speaker-row";
import { useHeard } from "./use-heard";

/** Camera, microphone, speaker and network, each with its own result and its own remedy. */
export function Equipment({
  media,
  iceUrls,
  onStart,
  onSpeaker,
}: {
  media: LocalMedia;
  /** Where the network is tested towards; null while nobody knows. */
  iceUrls: readonly string[] | null;
  onStart: () => void;
  /** Whether the person heard the sound. */
  onSpeaker?: (heard: boolean) => void;
}) {
  const { t } = useI18n();
  const { camera, microphone, picture, mirrored } = useWatched(media.view);
  const untouched = camera.is === "off" && microphone.is === "off";
  const [chosen, setChosen] = useState(false);
  const asking = camera.is === "starting" || microphone.is === "starting";
  const start = () => {
    setChosen(false);
    onStart();
  };
  return (
    <section aria-labelledby="equipment" className="grid gap-4">
      <h2 id="equipment" className="text-lg font-semibold">
        {t("equipment.title")}
      </h2>
      <div className="relative grid aspect-video place-items-center overflow-hidden rounded-card bg-stage text-stage-text">
        {picture ? (
          <Video
            stream={picture}
            muted
            aria-label={t("equipment.camera.preview")}
            className={`absolute inset-0 size-full object-cover ${mirrored ? "-scale-x-100" : ""}`}
          />
        ) : (
          <div className="grid justify-items-center gap-3 p-4 text-center">
            {asking && <p>{t("equipment.asking")}</p>}
            {untouched && !chosen && (
              <>
                <Button icon="camera" onClick={start}>
                  {t("equipment.start")}
                </Button>
                <p className="text-sm text-stage-muted">{t("equipment.start.hint")}</p>
              </>
            )}
            {!asking && !untouched && <p>{t("call.mark.camera_off")}</p>}
          </div>
        )}
      </div>
      {!(untouched && !chosen) && (
        <div className="grid gap-3">
          <CameraRow media={media} state={camera} onRetry={start} />
          <MicrophoneRow media={media} state={microphone} onRetry={start} onChoose={() => setChosen(true)} />
        </div>
      )}
      <SpeakerRow {...(onSpeaker && { onAnswer: onSpeaker })} />
      {iceUrls && <NetworkRow urls={iceUrls} />}
    </section>
  );
}

function CameraRow({
  media,
  state,
  onRetry,
}: {
  media: LocalMedia;
  state: DeviceState;
  onRetry: () => void;
}) {
  const { t } = useI18n();
  if (state.is === "failed")
    return (
      <Row
        name={t("equipment.camera")}
        result="problem"
        text={t(`media.${state.cause}`)}
        next={t(`media.${state.cause}.next`)}
      >
        <Button look="secondary" onClick={onRetry}>
          {t("equipment.retry")}
        </Button>
        <Button look="secondary" onClick={() => void media.setCamera(false)}>
          {t("equipment.audio_only")}
        </Button>
      </Row>
    );
  if (state.is === "off")
    return (
      <Row name={t("equipment.camera")} result="pending" text={t("equipment.camera.off")}>
        <Button look="secondary" onClick={() => void media.setCamera(true)}>
          {t("equipment.use_camera")}
        </Button>
      </Row>
    );
  const on = state.is === "on";
  return (
    <Row
      name={t("equipment.camera")}
      result={on ? "ok" : "pending"}
      text={on ? t("equipment.camera.ok") : t("equipment.asking")}
    >
      <DevicePicker kind="camera" media={media} />
    </Row>
  );
}

function MicrophoneRow({
  media,
  state,
  onRetry,
  onChoose,
}: {
  media: LocalMedia;
  state: DeviceState;
  onRetry: () => void;
  onChoose: () => void;
}) {
  const { t } = useI18n();
  const heard = useHeard(media.level);
  if (state.is === "failed")
    return (
      <Row
        name={t("equipment.microphone")}
        result="problem"
        text={t(`media.${state.cause}`)}
        next={t(`media.${state.cause}.next`)}
      >
        <Button look="secondary" onClick={onRetry}>
          {t("equipment.retry")}
        </Button>
        <Button
          look="secondary"
          onClick={() => {
            onChoose();
            void media.setMicrophone(false);
          }}
        >
          {t("equipment.listen_only")}
        </Button>
      </Row>
    );
  if (state.is === "off" || state.is === "muted")
    return (
      <Row name={t("equipment.microphone")} result="pending" text={t("equipment.microphone.off")}>
        <Button look="secondary" onClick={() => void media.setMicrophone(true)}>
          {t("call.mic.on")}
        </Button>
      </Row>
    );
  const text = heard ? t("equipment.microphone.ok") : t("equipment.microphone.speak");
  return (
    <Row name={t("equipment.microphone")} result={heard ? "ok" : "pending"} text={text}>
      {state.is === "on" && <LevelMeter level={media.level} label={t("equipment.microphone.level")} />}
      <DevicePicker kind="microphone" media={media} />
    </Row>
  );
}
