import { useEffect } from "react";

const held = new WeakMap<object, number>();

/** Calls `release` once `owner`'s page is really gone; React's double mounting in development does not count. */
export function useLetGo<T extends object>(owner: T | null, release: (owner: T) => void): void {
  // The release of an owner never changes during its life.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only the owner decides
  useEffect(() => {
    if (!owner) return;
    held.set(owner, (held.get(owner) ?? 0) + 1);
    return () => {
      held.set(owner, (held.get(owner) ?? 1) - 1);
      setTimeout(() => {
        if (!held.get(owner)) release(owner);
      });
    };
  }, [owner]);
}
