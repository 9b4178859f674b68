/** /paciente/:roomId and /video/:roomId: the personal link, one thing per screen. */
import { lazy, Suspense, useEffect, useState } from "react";
import { useParams } from "wouter";
import { Loading } from "../../components/loading";
import { Notice } from "../../components/notice";
import { Shell } from "../../components/shell";
import { useTitle } from "../../components/use-title";
import { useWatched } from "../../components/use-watched";
import { readinessWords, useI18n } from "../../i18n";
import { CallScreen } from "../call/call-screen";
import { useLetGo } from "../call/let-go";
import { Caller } from "./caller";
import { InviteeFlow, type InviteeStep } from "./flow";
import { linkToken } from "./link-token";
import { Prepare } from "./prepare";
import { Refused } from "./refused";
import { useTroubled } from "./use-troubled";

const AGAIN_MS = 2_000;

/** Comes when something is in the way, which may be the network: then it is asked for until it is there. */
const Watch = lazy(async () => {
  for (;;) {
    try {
      return (await Promise.all([import("../readiness/watch"), readinessWords()]))[0];
    } catch {
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
  }
});

export default function PatientPage() {
  const { roomId } = useParams<{ roomId: string }>();
  const link = useWatched(linkToken);
  const token = link?.roomId === roomId ? link.token : null;
  return <Journey key={`${roomId} ${token ?? ""}`} roomId={roomId} token={token} />;
}

function Journey({ roomId, token }: { roomId: string; token: string | null }) {
  const [flow] = useState(() => new InviteeFlow(roomId, token));
  const step = useWatched(flow.step);
  const { t, suggest } = useI18n();
  const letter = languageOf(step);
  useTitle(t("app.name"));
  useEffect(() => {
    if (letter) suggest(letter);
  }, [letter, suggest]);
  useEffect(() => flow.start(), [flow]);
  useLetGo(flow, (gone) => gone.close());
  const troubled = useTroubled(flow, step);
  return (
    <div className="flex flex-col">
      {troubled && (
        <Suspense>
          <Watch flow={flow} step={step} />
        </Suspense>
      )}
      <Screen flow={flow} step={step} />
    </div>
  );
}

function Screen({ flow, step }: { flow: InviteeFlow; step: InviteeStep }) {
  const { t } = useI18n();
  switch (step.is) {
    case "opening":
      return (
        <Shell>
          {step.trouble ? <Trouble code={step.trouble} /> : <Loading label={t("caller.opening")} />}
        </Shell>
      );
    case "caller":
      return <Caller step={step} onContinue={() => void flow.continue()} />;
    case "prepare":
      return (
        <Prepare
          step={step}
          media={flow.media}
          onTry={() => void flow.tryDevices()}
          onEnter={(answer, text) => void flow.enter(answer, text)}
          onMissing={() => void flow.askForEmergency()}
          onWithdraw={() => flow.withdraw()}
        />
      );
    case "call":
      return (
        <CallScreen
          session={step.session}
          seat={step.seat}
          onConsent={() => flow.again()}
          onWithdraw={() => flow.withdraw()}
        />
      );
    case "refused":
      return <Refused code={step.code} opensAt={step.opensAt} onRetry={() => flow.again()} />;
  }
}

/** The language the person was written to in: their consent text is in it. */
function languageOf(step: InviteeStep): string | null {
  if (step.is === "caller") return step.preview.consent.language;
  return step.is === "prepare" ? step.seat.consent.text.language : null;
}

/** Something passing is in the way and we are trying again. */
export function Trouble({ code }: { code: string }) {
  const { t, words } = useI18n();
  const { title, next } = words(code);
  return (
    <Notice tone="calm" title={title}>
      <p>{next}</p>
      <p className="text-sm text-muted">{t("again.retrying")}</p>
    </Notice>
  );
}
