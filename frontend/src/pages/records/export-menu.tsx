import { type FocusEvent, type KeyboardEvent, useId, useRef, useState } from "react";
import { codeOf } from "../../api/client";
import { staff } from "../../api/staff";
import type { CallDetail } from "../../api/types";
import { Button } from "../../components/button";
import { useI18n } from "../../i18n";
import { saveFile } from "./save-file";

const FORMS = [
  { form: "dossier", ending: "jsonl" },
  { form: "fhir", ending: "fhir.json" },
  { form: "json", ending: "json" },
] as const;

type Form = (typeof FORMS)[number];

/** The ways a record leaves, each with a line about what it is for. */
export function ExportMenu({ call }: { call: Pick<CallDetail, "id" | "started_at"> }) {
  const { t, words } = useI18n();
  const [open, setOpen] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [saved, setSaved] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const list = useId();

  const close = () => {
    setOpen(false);
    button.current?.focus();
  };
  const take = async ({ form, ending }: Form) => {
    if (busy) return;
    setBusy(true);
    setProblem(null);
    setSaved(false);
    try {
      const blob = await staff.exported(call.id, form);
      // As the server names them: without anybody's name.
      saveFile(blob, `${call.started_at.slice(0, 10)}-${call.id}.${ending}`);
      setSaved(true);
      close();
    } catch (error) {
      setProblem(codeOf(error));
    } finally {
      setBusy(false);
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape" && open) close();
  };
  const onBlur = (event: FocusEvent<HTMLDivElement>) => {
    if (!event.currentTarget.contains(event.relatedTarget)) setOpen(false);
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: only listens to what its buttons let through
    <div className="relative" onKeyDown={onKeyDown} onBlur={onBlur}>
      <Button
        ref={button}
        look="secondary"
        icon="download"
        aria-expanded={open}
        aria-controls={list}
        onClick={() => setOpen((now) => !now)}
      >
        {t("record.export")}
      </Button>
      <p role="status" className="sr-only">
        {saved ? t("record.export.saved") : ""}
      </p>
      <div
        id={list}
        hidden={!open}
        // Safari gives a pressed button no focus: this keeps the list open under such a press.
        tabIndex={-1}
        className="absolute z-10 mt-2 grid w-80 max-w-[calc(100vw-2rem)] gap-1 rounded-card border border-line bg-surface p-2 shadow-lg sm:right-0 [&[hidden]]:hidden"
      >
        <ul className="grid gap-1">
          {FORMS.map((one) => (
            <li key={one.form}>
              <button
                type="button"
                // Not `disabled`: the focus would go, and the list with it.
                aria-disabled={busy}
                onClick={() => void take(one)}
                className="grid w-full gap-0.5 rounded-card px-3 py-2 text-left hover:bg-sunken aria-disabled:opacity-55"
              >
                <span className="font-semibold">{t(`record.export.${one.form}`)}</span>
                <span className="text-sm text-muted">{t(`record.export.${one.form}.for`)}</span>
              </button>
            </li>
          ))}
        </ul>
        <p className="border-t border-line px-3 pt-2 pb-1 text-sm text-muted">{t("record.export.noted")}</p>
        {problem && (
          <p role="alert" className="px-3 pb-1 text-danger">
            {words(problem).title}. {words(problem).next}
          </p>
        )}
      </div>
    </div>
  );
}
