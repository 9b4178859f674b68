import type { LocalMedia } from "../../call";
import { SelectField } from "../../components/field";
import { useWatched } from "../../components/use-watched";
import { useI18n } from "../../i18n";

/** Which camera or microphone; only shown where there is a choice. */
export function DevicePicker({ kind, media }: { kind: "camera" | "microphone"; media: LocalMedia }) {
  const { t } = useI18n();
  const lists = useWatched(media.devices);
  const state = useWatched(media.view)[kind];
  const devices = kind === "camera" ? lists.cameras : lists.microphones;
  if (devices.length < 2 || (state.is !== "on" && state.is !== "muted")) return null;
  const choose = kind === "camera" ? media.chooseCamera : media.chooseMicrophone;
  return (
    <SelectField
      label={t(kind === "camera" ? "equipment.choose_camera" : "equipment.choose_microphone")}
      value={state.deviceId}
      onChange={(event) => void choose.call(media, event.target.value)}
      choices={devices.map((device, index) => ({
        value: device.id,
        label: device.label || t("equipment.device", { number: index + 1 }),
      }))}
    />
  );
}
