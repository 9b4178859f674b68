import { type ReactNode, useEffect, useId, useRef } from "react";
import { Icon } from "./icon";

/** A modal by the platform's own `<dialog>`: it keeps the focus inside and gives it back. */
export function Dialog({
  title,
  onClose,
  closeLabel,
  wide = false,
  children,
}: {
  title: string;
  onClose: () => void;
  closeLabel: string;
  wide?: boolean;
  children: ReactNode;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      className={`max-h-[calc(100dvh-32px)] w-[calc(100%-32px)] overflow-y-auto rounded-card bg-surface p-6 text-text shadow-float motion-safe:animate-rise ${wide ? "max-w-2xl" : "max-w-lg"}`}
    >
      <div className="mb-4 flex items-start justify-between gap-4">
        <h2 id={titleId} className="text-xl font-semibold">
          {title}
        </h2>
        <button
          type="button"
          onClick={onClose}
          aria-label={closeLabel}
          className="-m-2 grid size-11 place-items-center rounded-card text-muted hover:bg-sunken"
        >
          <Icon name="close" />
        </button>
      </div>
      {children}
    </dialog>
  );
}
