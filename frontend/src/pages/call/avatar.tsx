/** The initials of a name, for where there is no picture; the name itself stands beside it. */
export function initials(name: string): string {
  const words = name
    .replace(/^(dra?|dr|mr|mrs|ms)\.?\s+/i, "")
    .split(/\s+/)
    .filter(Boolean);
  const first = words[0]?.[0] ?? "?";
  const last = words.length > 1 ? (words.at(-1)?.[0] ?? "") : "";
  return (first + last).toUpperCase();
}

export function Avatar({ name, small = false }: { name: string; small?: boolean }) {
  return (
    <span
      aria-hidden="true"
      className={`grid place-items-center rounded-full bg-[#1f5f58] font-semibold text-white ${small ? "size-12 text-lg" : "size-24 text-3xl"}`}
    >
      {initials(name)}
    </span>
  );
}
