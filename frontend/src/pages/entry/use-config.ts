import { useEffect, useState } from "react";
import { invitee } from "../../api/invitee";
import { patiently } from "../../api/patience";
import type { ConfigOut } from "../../api/types";

/** What this server is; null until it has answered (it may be waking up). */
export function useConfig(): ConfigOut | null {
  const [config, setConfig] = useState<ConfigOut | null>(null);
  useEffect(() => {
    const gone = new AbortController();
    patiently(() => invitee.config(gone.signal), gone.signal).then(setConfig, () => undefined);
    return () => gone.abort();
  }, []);
  return config;
}
