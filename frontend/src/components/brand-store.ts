/** The clinic's face on the patient's pages: shades as custom properties (styles/app.css), the logo for the header. */
import { useSyncExternalStore } from "react";

type Shades = Readonly<Record<"accent" | "strong" | "soft" | "on", string>>;
type Brand = { logo: string | null; light: Shades | null; dark: Shades | null } | null;

let logo: string | null = null;
const told = new Set<() => void>();

/** Puts on the face that came with a consultation; what is already on stays as it is. */
export function wearBrand(brand: Brand | undefined): void {
  const style = document.documentElement.style;
  for (const side of ["light", "dark"] as const)
    for (const [shade, colour] of Object.entries(brand?.[side] ?? {}))
      style.setProperty(`--${side}-${shade}`, colour);
  if (!brand?.logo || brand.logo === logo) return;
  logo = brand.logo;
  for (const tell of told) tell();
}

/** The address of the clinic's logo, once it is known. */
export const useLogo = (): string | null =>
  useSyncExternalStore(
    (tell) => {
      told.add(tell);
      return () => told.delete(tell);
    },
    () => logo,
  );
