import { Button } from "../../components/button";
import { Shell } from "../../components/shell";
import { useI18n } from "../../i18n";

/** The consultation is open elsewhere: asks before taking it, or says that it was taken. */
export function SeatQuestion({ code, onHere }: { code: "seat_taken" | "replaced"; onHere: () => void }) {
  const { t, words } = useI18n();
  const { title, next } = words(code);
  return (
    <Shell
      arrive
      bottom={
        <Button size="big" onClick={onHere}>
          {t("again.here")}
        </Button>
      }
    >
      <div role="alert" className="grid gap-4 pt-12 text-center">
        <h1 className="text-2xl font-semibold">{title}</h1>
        <p className="text-lg text-muted">{next}</p>
      </div>
    </Shell>
  );
}
