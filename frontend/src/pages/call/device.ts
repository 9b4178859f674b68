/** What kind of device and visit this is. */
import type { Device } from "../../call";

/** By the size of the screen and the kind of pointer; no list of models. */
export function deviceClass(): Device {
  if (!matchMedia("(pointer: coarse)").matches) return "desktop";
  return Math.min(screen.width, screen.height) >= 600 ? "tablet" : "phone";
}

/** True when this document is a reload of itself, not a new visit or a copied tab. */
export function isReload(): boolean {
  const [entry] = performance.getEntriesByType("navigation");
  return entry instanceof PerformanceNavigationTiming && entry.type === "reload";
}

/** True when somebody has already touched this page: only then may camera and microphone be asked for. */
export function wasTouched(): boolean {
  return navigator.userActivation?.hasBeenActive ?? false;
}
