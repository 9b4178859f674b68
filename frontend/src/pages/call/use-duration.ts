import { useEffect, useState } from "react";
import type { CallSession } from "../../call";
import { serverNow } from "../../clock";

/** Whole seconds this page has known the call to run; stays at the last value when the call is over. */
export function useDuration(session: CallSession): number {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const look = () => {
      const call = session.call.get();
      if (!call || session.phase.get().is !== "talking") return;
      // Clocks agree to a few seconds only, and nobody has talked for less than nothing.
      setSeconds(
        Math.max(0, Math.floor((serverNow().getTime() - new Date(call.started_at).getTime()) / 1000)),
      );
    };
    look();
    const timer = setInterval(look, 1000);
    return () => clearInterval(timer);
  }, [session]);
  return seconds;
}
