/** Stands beside the patient's screens once something is in the way: says what, tells the clinic, offers the telephone. */
import { useEffect, useState } from "react";
import type { Cause } from "../../api/types";
import type { Told } from "../../call";
import { UNTOLD } from "../../call";
import { Button } from "../../components/button";
import { useWatched, Value } from "../../components/use-watched";
import { useI18n } from "../../i18n";
import type { InviteeFlow, InviteeStep } from "../precall/flow";
import { causeOf, keysOf } from "./causes";
import { Reporter } from "./reporter";
import { useSight } from "./use-sight";
import { causeWords } from "./words";

const UNHEARD = new Value<Told>(UNTOLD);

const FLOATING =
  "fixed inset-x-3 top-16 z-20 mx-auto grid max-w-md gap-2 rounded-card border border-line bg-surface p-3 text-text shadow-lg empty:hidden";

/** Words come first on the page, a mere offer last: where nothing else is to be done, in sight. */
const BLOCK = "mx-auto grid w-full max-w-xl gap-2 px-4 empty:hidden";

/** With these the consultation takes place, or has only to be waited for. */
const MILD: ReadonlySet<Cause> = new Set(["udp_blocked", "clock_skew", "too_early", "seat_taken"]);

/** Said by the screen that they stand on, in words of its own. */
const SAID: ReadonlySet<Cause> = new Set(["too_early", "device_failed"]);

export default function Watch({ flow, step }: { flow: InviteeFlow; step: InviteeStep }) {
  const i18n = useI18n();
  const cause = causeOf(useSight(flow, step));
  const [wished, setWished] = useState(false);
  const [reporter] = useState(() => new Reporter());
  const session = step.is === "call" ? step.session : null;
  const seat = step.is === "prepare" || step.is === "call" ? step.seat : null;
  const token = flow.link ?? seat?.access_token ?? null;
  useEffect(() => {
    reporter.say({ session, token }, cause, wished);
  }, [reporter, session, token, cause, wished]);
  useEffect(() => () => reporter.stop(), [reporter]);
  const { byPhone } = useWatched(session?.told ?? UNHEARD);
  if (byPhone)
    return (
      <aside className={FLOATING}>
        <p role="status" className="font-medium">
          {i18n.t("phone.called")}
        </p>
      </aside>
    );
  if (cause === null) return null;
  const { title, next } = causeWords(cause, i18n);
  const phase = session?.phase.get().is;
  const floating = phase === "talking";
  const refused = step.is === "refused" || phase === "refused";
  // Other screens say the rest themselves, where it belongs.
  const said = SAID.has(cause) || (floating && cause === "silent_microphone");
  const own = keysOf(cause)?.title.startsWith("cause.") === true && !said;
  // A call that goes on in spite of it is not covered by a button.
  const phone = token !== null && !MILD.has(cause) && (own || !floating);
  const place = own ? "pt-4" : refused ? "sticky bottom-4 order-last" : "order-last pb-4";
  return (
    <aside data-cause={cause} className={floating ? FLOATING : `${BLOCK} ${place}`}>
      {own && (
        <div role="alert">
          <p className="font-semibold">{title}</p>
          <p>{next}</p>
        </div>
      )}
      {phone && !wished && (
        <Button look="secondary" onClick={() => setWished(true)}>
          {i18n.t("phone.wish")}
        </Button>
      )}
      {wished && <p role="status">{i18n.t("phone.wished")}</p>}
    </aside>
  );
}
