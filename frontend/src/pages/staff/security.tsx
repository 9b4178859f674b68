/** /seguranca: one's own second factor, and where one is signed in. */
import { useState } from "react";
import { Redirect, useSearch } from "wouter";
import { staffSession } from "../../api/session";
import type { UserOut } from "../../api/types";
import { Notice } from "../../components/notice";
import { useTitle } from "../../components/use-title";
import { useWatched } from "../../components/use-watched";
import { useI18n } from "../../i18n";
import { Frame } from "./frame";
import { Gate } from "./gate";
import { homeOf, wantedPath } from "./home";
import { SecondFactor } from "./second-factor";
import { Sessions } from "./sessions";

export default function SecurityPage() {
  const { t } = useI18n();
  useTitle(`${t("security.title")} · ${t("app.name")}`);
  return (
    <Gate>
      {(user) => (
        <Frame user={user}>
          <Security user={user} />
        </Frame>
      )}
    </Gate>
  );
}

function Security({ user }: { user: UserOut }) {
  const { t } = useI18n();
  const session = useWatched(staffSession);
  const search = useSearch();
  const must = session.is === "in" && session.token.must_enrol;
  const [sent] = useState(must);
  const [kept, setKept] = useState(false);
  // Who was sent here on the way to somewhere else goes on once the codes are kept.
  if (sent && kept) return <Redirect to={wantedPath(search, homeOf(user))} replace />;
  return (
    <div className="mx-auto grid max-w-2xl grid-cols-1 gap-6">
      <h1 className="text-2xl font-semibold">{t("security.title")}</h1>
      {must && (
        <Notice tone="warning" title={t("security.must")}>
          <p>{t("security.must.next")}</p>
        </Notice>
      )}
      <SecondFactor onKept={() => setKept(true)} />
      <Sessions />
    </div>
  );
}
