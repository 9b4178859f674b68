/** The only bridge from the call's values to React. */
import { useSyncExternalStore } from "react";
import type { Watched } from "../rtc/value";

export function useWatched<T>(watched: Watched<T>): T {
  return useSyncExternalStore(
    (listener) => watched.subscribe(listener),
    () => watched.get(),
  );
}

export { Value, type Watched } from "../rtc/value";
