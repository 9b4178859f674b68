import { useEffect } from "react";

/** Keeps the screen on while mounted; the lock is lost with a hidden tab and taken again with its return. */
export function useWakeLock(): void {
  useEffect(() => {
    if (!("wakeLock" in navigator)) return;
    let lock: WakeLockSentinel | null = null;
    let gone = false;
    async function hold(): Promise<void> {
      if (document.visibilityState !== "visible") return;
      try {
        const taken = await navigator.wakeLock.request("screen");
        if (gone) await taken.release();
        else lock = taken;
      } catch {
        // A low battery refuses it; the tip on the page asks the person instead.
      }
    }
    const renew = () => void hold();
    renew();
    document.addEventListener("visibilitychange", renew);
    return () => {
      gone = true;
      document.removeEventListener("visibilitychange", renew);
      void lock?.release();
    };
  }, []);
}
