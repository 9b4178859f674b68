/** What few people who wait ever see, in chunks of its own: their link may be slow. */
import { type ComponentProps, lazy, Suspense } from "react";
import { queueWords } from "../../i18n";

const SaidInTime = lazy(async () => (await Promise.all([import("./said"), queueWords()]))[0]);
const RemindMeInTime = lazy(async () => (await Promise.all([import("./remind-me"), queueWords()]))[0]);

export function Said(said: ComponentProps<typeof SaidInTime>) {
  return (
    <Suspense>
      <SaidInTime {...said} />
    </Suspense>
  );
}

export function RemindMe() {
  return (
    <Suspense>
      <RemindMeInTime />
    </Suspense>
  );
}
