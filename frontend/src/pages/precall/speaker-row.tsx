import { useState } from "react";
import { Button } from "../../components/button";
import { sounds } from "../../components/sounds";
import { useI18n } from "../../i18n";
import { Row } from "./equipment-row";

/** Only the person can tell whether sound came out. */
export function SpeakerRow({ onAnswer }: { onAnswer?: (heard: boolean) => void }) {
  const { t } = useI18n();
  const [state, setState] = useState<"untried" | "asking" | "heard" | "silent">("untried");
  const result = state === "heard" ? "ok" : state === "silent" ? "problem" : "pending";
  const text = {
    untried: t("equipment.speaker.ask"),
    asking: t("equipment.speaker.ask"),
    heard: t("equipment.speaker.ok"),
    silent: t("equipment.speaker.remedy"),
  }[state];
  const answer = (heard: boolean) => {
    setState(heard ? "heard" : "silent");
    onAnswer?.(heard);
  };
  const play = () => {
    sounds.test();
    setState("asking");
  };
  return (
    <Row name={t("equipment.speaker")} result={result} text={text}>
      <Button look="secondary" icon="speaker" onClick={play}>
        {t("equipment.speaker.play")}
      </Button>
      {state === "asking" && (
        <>
          <Button look="quiet" onClick={() => answer(true)}>
            {t("equipment.speaker.heard")}
          </Button>
          <Button look="quiet" onClick={() => answer(false)}>
            {t("equipment.speaker.silent")}
          </Button>
        </>
      )}
    </Row>
  );
}
