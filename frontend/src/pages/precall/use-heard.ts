import { useEffect, useState } from "react";
import type { Watched } from "../../components/use-watched";

/** A voice reaches this; the noise of a quiet room does not. */
const VOICE = 0.02;

/** True once a voice was heard. */
export function useHeard(level: Watched<number>): boolean {
  const [heard, setHeard] = useState(false);
  useEffect(() => {
    if (heard) return;
    return level.subscribe(() => {
      if (level.get() > VOICE) setHeard(true);
    });
  }, [heard, level]);
  return heard;
}
