/** /painel: who waits now, what today holds, and a big button for a new consultation. */
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { UserOut } from "../../api/types";
import type { Dashboard, DashboardFeed, Readiness } from "../../call";
import { Button } from "../../components/button";
import { Loading } from "../../components/loading";
import { Notice } from "../../components/notice";
import { useWatched } from "../../components/use-watched";
import { useI18n } from "../../i18n";
import { Frame } from "../staff/frame";
import { Gate } from "../staff/gate";
import { Agenda } from "./agenda";
import { NewConsultation } from "./new-consultation";
import { PushCard } from "./push-card";
import { StandingCard } from "./standing-card";
import { Troubles } from "./troubles";
import { useArrivals } from "./use-arrivals";
import { useDashboard } from "./use-dashboard";
import { WaitingList } from "./waiting-list";

export default function DashboardPage() {
  return (
    <Gate only="doctor">
      {(user) => (
        <Frame user={user}>
          <Panel user={user} />
        </Frame>
      )}
    </Gate>
  );
}

function Panel({ user }: { user: UserOut }) {
  const { t } = useI18n();
  const [creating, setCreating] = useState(false);
  const dashboard = useDashboard();
  return (
    <>
      {/* What lies behind a modal is out of reach for everybody, assistive technology included. */}
      <div aria-hidden={creating || undefined} className="grid grid-cols-1 gap-6">
        <div className="flex flex-wrap items-center justify-between gap-4">
          <h1 className="text-2xl font-semibold">{t("panel.hello", { name: user.name })}</h1>
          <Button
            icon="plus"
            onClick={() => setCreating(true)}
            className="min-h-14 px-6 text-lg max-sm:w-full"
          >
            {t("room.new")}
          </Button>
        </div>
        {dashboard && <Live dashboard={dashboard} />}
      </div>
      {creating && <NewConsultation onClose={() => setCreating(false)} />}
    </>
  );
}

function Live({ dashboard }: { dashboard: Dashboard }) {
  const { t, words } = useI18n();
  const feed = useWatched(dashboard.feed);
  const refusal = useWatched(dashboard.refusal);
  const server = useWatched(dashboard.server);
  useArrivals(feed?.waiting ?? null);
  useFreshRooms(feed);
  return (
    <>
      {refusal && (
        <Notice tone="problem" title={words(refusal.code).title}>
          <p>{words(refusal.code).next}</p>
        </Notice>
      )}
      {feed && server !== "online" && !refusal && <Notice tone="calm" title={t("nav.offline")} />}
      <div className="grid grid-cols-1 items-start gap-6 lg:grid-cols-[minmax(0,2fr)_minmax(0,3fr)]">
        <div className="grid grid-cols-1 gap-6">
          {feed ? (
            <>
              <WaitingList waiting={feed.waiting} readiness={feed.readiness} dashboard={dashboard} />
              <Troubles people={troubled(feed)} />
            </>
          ) : (
            <Loading label={t("app.loading")} />
          )}
          <div className="grid grid-cols-1 gap-3">
            <StandingCard />
            <PushCard />
          </div>
        </div>
        <Agenda running={feed?.rooms ?? []} />
      </div>
    </>
  );
}

/** Those with something in their way who do not wait: they could not come in, or it troubles them in the call. */
function troubled({ waiting, readiness }: DashboardFeed): Readiness[] {
  const here = new Set(waiting.map(({ participant }) => participant.id));
  return readiness.filter((one) => (one.trouble || one.wants_phone) && !here.has(one.participant_id));
}

/** Somebody came, went or ended: the rooms' states have changed with it. */
function useFreshRooms(feed: DashboardFeed | null): void {
  const client = useQueryClient();
  const tested = feed?.readiness.map((one) => one.tested_at ?? "").join();
  const sight = `${feed?.rooms.map((room) => `${room.room_id} ${room.call?.id ?? ""}`).join()} ${tested}`;
  // biome-ignore lint/correctness/useExhaustiveDependencies: what the feed shows is the reason to look again
  useEffect(() => {
    void client.invalidateQueries({ queryKey: ["rooms"] });
  }, [client, sight]);
}
