import { useEffect, useState } from "react";
import { invitee } from "../../api/invitee";
import type { ConsentText, SeatOut } from "../../api/types";
import type { LocalMedia } from "../../call";
import { Button } from "../../components/button";
import { Icon } from "../../components/icon";
import { Notice } from "../../components/notice";
import { Shell } from "../../components/shell";
import { type Language, useI18n } from "../../i18n";
import { Consent, type ConsentDraft, EMPTY_CONSENT } from "./consent";
import { Equipment } from "./equipment";
import type { ConsentAnswer } from "./flow";
import { Trouble } from "./patient";
import { Withdraw } from "./withdraw";

interface PrepareStep {
  seat: Pick<SeatOut, "consent" | "ice_urls"> & {
    room: Pick<SeatOut["room"], "clinic_name">;
    participant: Pick<SeatOut["participant"], "role">;
  };
  busy: boolean;
  trouble: string | null;
}

/** The text in the reader's language; the invitation's own until that one is there. */
function useConsentText(given: ConsentText, language: Language): ConsentText {
  const [fetched, setFetched] = useState<ConsentText | null>(null);
  const here = given.language === language;
  useEffect(() => {
    if (here) return;
    let wanted = true;
    // Without an answer the person reads the invitation's language: still a valid text to agree to.
    invitee.consentText(language).then(
      (text) => wanted && setFetched(text),
      () => undefined,
    );
    return () => {
      wanted = false;
    };
  }, [here, language]);
  return !here && fetched?.language === language ? fetched : given;
}

function answerOf(draft: ConsentDraft): ConsentAnswer | null {
  if (!draft.agreed) return null;
  if (!draft.forOther) return { by: "self" };
  const name = draft.name.trim();
  const relationship = draft.relationship.trim();
  return name && relationship ? { by: "representative", name, relationship } : null;
}

/** Screen 2: authorise, see that the devices work, come in. */
export function Prepare({
  step,
  media,
  onTry,
  onEnter,
  onMissing,
  onWithdraw,
}: {
  step: PrepareStep;
  media: LocalMedia;
  onTry: () => void;
  onEnter: (answer: ConsentAnswer | null, text: ConsentText) => void;
  /** They tried to come in without an agreement. */
  onMissing?: () => void;
  /** Takes back what was given; not there where nothing can have been. */
  onWithdraw?: () => Promise<void>;
}) {
  const { t, language, words } = useI18n();
  const [draft, setDraft] = useState(EMPTY_CONSENT);
  const [tried, setTried] = useState(false);
  const { seat } = step;
  const text = useConsentText(seat.consent.text, language);
  const answer = answerOf(draft);
  const { given, emergency } = seat.consent;
  const missing = !given && !emergency && !answer;
  const outdated = step.trouble === "consent_outdated";
  const enter = () => {
    setTried(true);
    if (missing) onMissing?.();
    else onEnter(given ? null : answer, text);
  };
  const missingWords = draft.agreed ? t("consent.representative.missing") : t("consent.needed");
  return (
    <Shell
      arrive
      name={seat.room.clinic_name}
      bottom={
        <>
          {tried && missing && (
            <p role="alert" className="text-center font-medium text-danger">
              {missingWords}
            </p>
          )}
          <Button size="big" onClick={enter} disabled={step.busy}>
            {step.busy ? t("prepare.entering") : t("prepare.enter")}
          </Button>
        </>
      }
    >
      <div className="grid gap-8 pt-2">
        <h1 className="text-2xl font-semibold">{t("prepare.title")}</h1>
        {step.trouble && !outdated && <Trouble code={step.trouble} />}
        {outdated && (
          <Notice tone="warning" title={words("consent_outdated").title}>
            <p>{words("consent_outdated").next}</p>
          </Notice>
        )}
        {emergency && <Notice tone="calm" title={t("consent.emergency")} />}
        {given ? (
          <div className="grid justify-items-start gap-1">
            <p className="flex gap-2">
              <Icon name="check" className="text-ok" />
              {t("consent.given")}
            </p>
            {onWithdraw && <Withdraw inCall={false} onWithdraw={onWithdraw} />}
          </div>
        ) : (
          <Consent
            text={text}
            draft={draft}
            onChange={setDraft}
            missing={tried && !emergency && !draft.agreed}
            represented={seat.participant.role === "patient"}
          />
        )}
        <Equipment media={media} iceUrls={seat.ice_urls} onStart={onTry} />
      </div>
    </Shell>
  );
}
