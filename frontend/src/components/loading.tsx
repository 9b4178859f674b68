/** Something is on its way, said in words; the ring is decoration. */
export function Loading({ label }: { label: string }) {
  return (
    <p role="status" className="flex min-h-24 items-center justify-center gap-3 text-muted">
      <span
        aria-hidden="true"
        className="size-5 rounded-full border-2 border-current border-t-transparent motion-safe:animate-spin"
      />
      {label}
    </p>
  );
}
