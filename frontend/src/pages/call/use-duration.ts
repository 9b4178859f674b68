import { useEffect, useState } from "react";
import type { CallSession } from "../../call";

/** Whole seconds this page has known the call to run; stays at the last value when the call is over. */
export function useDuration(session: CallSession): number {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const look = () => {
      const call = session.call.get();
      if (!call || session.phase.get().is !== "talking") return;
      // The server's clock started it; a clock of ours that runs behind must not show less than nothing.
      setSeconds(Math.max(0, Math.floor((Date.now() - new Date(call.started_at).getTime()) / 1000)));
    };
    look();
    const timer = setInterval(look, 1000);
    return () => clearInterval(timer);
  }, [session]);
  return seconds;
}
