/** /paciente/:roomId/teste: the test that the letters lead to, any time before, without entering the room. */
import { useEffect, useState } from "react";
import { useParams } from "wouter";
import { codeOf } from "../../api/client";
import { invitee } from "../../api/invitee";
import type { InvitationPreview, ReadinessOut } from "../../api/types";
import { Button } from "../../components/button";
import { Loading } from "../../components/loading";
import { Shell } from "../../components/shell";
import { useTitle } from "../../components/use-title";
import { useWatched } from "../../components/use-watched";
import { useI18n } from "../../i18n";
import { whenIs } from "../precall/caller";
import { linkToken } from "../precall/link-token";
import { Refused } from "../precall/refused";
import { TestResult } from "./test-result";
import { TestRun } from "./test-run";

type Step =
  | { is: "opening" }
  | { is: "intro" }
  | { is: "testing" }
  | { is: "done"; result: ReadinessOut }
  | { is: "refused"; code: string };

export default function TestPage() {
  const { roomId } = useParams<{ roomId: string }>();
  const link = useWatched(linkToken);
  const token = link?.roomId === roomId ? link.token : null;
  return <Test key={token ?? ""} token={token} />;
}

function Test({ token }: { token: string | null }) {
  const i18n = useI18n();
  const { t, suggest } = i18n;
  useTitle(t("test.title"));
  const [preview, setPreview] = useState<InvitationPreview | null>(null);
  const [iceUrls, setIceUrls] = useState<readonly string[]>([]);
  const [step, setStep] = useState<Step>(
    token === null ? { is: "refused", code: "missing_link" } : { is: "opening" },
  );
  const opening = step.is === "opening";
  useEffect(() => {
    if (token === null || !opening) return;
    const gone = new AbortController();
    Promise.all([invitee.preview(token, gone.signal), invitee.config(gone.signal)]).then(
      ([found, config]) => {
        suggest(found.consent.language);
        setPreview(found);
        setIceUrls(config.ice_urls);
        setStep({ is: "intro" });
      },
      (error: unknown) => {
        if (!gone.signal.aborted) setStep({ is: "refused", code: codeOf(error) });
      },
    );
    return () => gone.abort();
  }, [token, opening, suggest]);

  if (step.is === "refused")
    return <Refused code={step.code} opensAt={null} onRetry={() => setStep({ is: "opening" })} />;
  if (!preview || token === null || step.is === "opening")
    return (
      <Shell>
        <Loading label={t("caller.opening")} />
      </Shell>
    );
  const { room } = preview;
  const again = () => setStep({ is: "testing" });
  if (step.is === "testing")
    return (
      <TestRun
        clinic={room.clinic_name}
        token={token}
        iceUrls={iceUrls}
        onDone={(result) => setStep({ is: "done", result })}
      />
    );
  if (step.is === "done")
    return <TestResult clinic={room.clinic_name} result={step.result} onAgain={again} />;
  return (
    <Shell
      name={room.clinic_name}
      bottom={
        <Button size="big" onClick={again}>
          {t("test.start")}
        </Button>
      }
    >
      <div className="grid gap-6 pt-4">
        <p className="text-lg text-muted">{t("caller.greeting", { name: preview.first_name })}</p>
        <h1 className="text-2xl font-semibold">{t("test.title")}</h1>
        <p className="rounded-card border border-line bg-surface p-4">
          <strong className="block">{room.doctor.name}</strong>
          <span className="block first-letter:uppercase">{whenIs(room.starts_at, new Date(), i18n)}</span>
        </p>
        <p>{t("test.lead")}</p>
      </div>
    </Shell>
  );
}
