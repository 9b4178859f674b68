import type { Watched } from "../rtc/value";
import { useWatched } from "./use-watched";

/** A bar that moves with the voice; `level` is 0..1. Quiet speech already shows: the ear is no ruler either. */
export function LevelMeter({ level, label }: { level: Watched<number>; label: string }) {
  const loudness = Math.round(Math.min(1, Math.sqrt(useWatched(level))) * 100);
  return <meter aria-label={label} min={0} max={100} value={loudness} />;
}
