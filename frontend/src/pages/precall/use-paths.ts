import { useEffect, useState } from "react";
import { type Paths, PathTest, UNTESTED } from "../../call/paths";
import { Value } from "../../components/use-watched";

/** What this page's network was last found to let through. */
export const lastPaths = new Value<Paths>(UNTESTED);

/** Not in every browser: the kind of network, Wi-Fi or a mobile one. */
type Link = EventTarget & { readonly type?: string };

const link = () => (navigator as { connection?: Link }).connection;

/**
 * The test of the network for these addresses: runs by itself, and again when the network is another one. `runs` is
 * how often it was begun anew.
 */
export function usePaths(urls: readonly string[]): { paths: Paths; runs: number; again: () => void } {
  const [paths, setPaths] = useState(UNTESTED);
  const [runs, setRuns] = useState(0);
  const again = () => setRuns((count) => count + 1);
  const wanted = urls.join(" ");
  // biome-ignore lint/correctness/useExhaustiveDependencies: another run is what a repetition is
  useEffect(() => {
    if (!wanted) return;
    const test = new PathTest(wanted.split(" "));
    const look = () => {
      setPaths(test.paths.get());
      lastPaths.set(test.paths.get());
    };
    look();
    const deaf = test.paths.subscribe(look);
    return () => {
      deaf();
      test.stop();
    };
  }, [wanted, runs]);
  useEffect(() => {
    const watched = link();
    let kind = watched?.type;
    const another = () => setRuns((count) => count + 1);
    const changed = () => {
      // The browser's guess of the speed changes all the time; the network does not.
      if (watched?.type === kind) return;
      kind = watched?.type;
      another();
    };
    addEventListener("online", another);
    watched?.addEventListener("change", changed);
    return () => {
      removeEventListener("online", another);
      watched?.removeEventListener("change", changed);
    };
  }, []);
  return { paths, runs, again };
}
