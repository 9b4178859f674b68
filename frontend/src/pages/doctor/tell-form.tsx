import { useState } from "react";
import { Button } from "../../components/button";
import { Field } from "../../components/field";
import { useI18n } from "../../i18n";

const MAX_LENGTH = 300;
const READY = [
  "queue.quick.soon",
  "queue.quick.ten",
  "queue.quick.longer",
  "queue.quick.call_us",
  "queue.quick.in_person",
] as const;

/** A word to somebody who waits, or the word that goes with a refusal; a tap on a ready one fills it in. */
export function TellForm({
  name,
  busy,
  onTell,
  onRefuse,
}: {
  name: string;
  busy: boolean;
  onTell: (text: string) => void;
  onRefuse: (text: string) => void;
}) {
  const { t } = useI18n();
  const [text, setText] = useState("");
  const said = text.trim();
  return (
    <form
      className="grid gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        if (said) onTell(said);
      }}
    >
      <Field
        label={t("queue.tell.label", { name })}
        hint={t("queue.tell.hint")}
        value={text}
        maxLength={MAX_LENGTH}
        autoComplete="off"
        onChange={(event) => setText(event.target.value)}
      />
      <fieldset className="flex flex-wrap gap-2">
        <legend className="sr-only">{t("queue.quick")}</legend>
        {READY.map((ready) => (
          <button
            key={ready}
            type="button"
            onClick={() => setText(t(ready))}
            className="min-h-9 rounded-card border border-line bg-sunken px-3 py-1 text-left text-sm hover:bg-accent-soft"
          >
            {t(ready)}
          </button>
        ))}
      </fieldset>
      <div className="flex flex-wrap gap-2">
        <Button type="submit" size="small" disabled={busy || !said}>
          {t("queue.tell.submit")}
        </Button>
        <Button look="quiet" size="small" disabled={busy || !said} onClick={() => onRefuse(said)}>
          {t("queue.refuse.with")}
        </Button>
      </div>
    </form>
  );
}
