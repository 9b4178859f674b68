import { type ReactNode, useEffect, useRef } from "react";
import { onServer } from "../config";
import { useI18n } from "../i18n";
import { useLogo } from "./brand-store";
import { LanguageSelect } from "./language-select";

export function Brand({ name }: { name: string }) {
  const logo = useLogo();
  if (logo)
    return (
      <img src={onServer(logo)} alt={name} className="max-h-10 min-w-0 rounded bg-white object-contain p-1" />
    );
  return (
    <span className="flex min-w-0 items-center gap-2 text-lg font-semibold">
      <svg viewBox="0 0 32 32" width={28} height={28} aria-hidden="true" className="shrink-0">
        <rect width="32" height="32" rx="8" fill="#0f766e" />
        <rect x="5" y="10" width="15" height="12" rx="3" fill="#fff" />
        <path d="M22 14.5 27 11v10l-5-3.5z" fill="#fff" />
        <path d="M12.500 12.500v7M9 16h7" stroke="#0f766e" strokeWidth="2" strokeLinecap="round" />
      </svg>
      <span className="truncate">{name}</span>
    </span>
  );
}

/** The frame of the patient's and the public pages: one narrow column, one thing per screen. */
export function Shell({
  name,
  wide = false,
  bottom,
  arrive = false,
  children,
}: {
  /** The clinic's name, when known. */
  name?: string | null;
  wide?: boolean;
  /** Stays at thumb height. */
  bottom?: ReactNode;
  /** A step that follows a press: the focus goes along, and what is read out begins here. */
  arrive?: boolean;
  children: ReactNode;
}) {
  const { t } = useI18n();
  const main = useRef<HTMLElement>(null);
  useEffect(() => {
    if (arrive) main.current?.focus();
  }, [arrive]);
  const width = wide ? "max-w-5xl" : "max-w-xl";
  return (
    <div className="flex min-h-dvh flex-col">
      <a
        href="#main"
        className="sr-only focus:not-sr-only focus:absolute focus:z-10 focus:bg-surface focus:p-3"
      >
        {t("app.skip")}
      </a>
      <header className={`mx-auto flex w-full items-center justify-between gap-4 px-4 py-3 ${width}`}>
        <Brand name={name ?? t("app.name")} />
        <LanguageSelect />
      </header>
      <main
        ref={main}
        id="main"
        tabIndex={-1}
        className={`mx-auto w-full px-4 pt-2 pb-8 outline-none ${width} ${bottom ? "flex-1 sm:flex-none" : "flex-1"}`}
      >
        {children}
      </main>
      {bottom && (
        <div className="sticky bottom-0 border-t border-line bg-bg/95 backdrop-blur sm:border-0">
          <div
            className={`mx-auto grid w-full gap-2 px-4 pt-3 pb-[max(12px,env(safe-area-inset-bottom))] ${width}`}
          >
            {bottom}
          </div>
        </div>
      )}
    </div>
  );
}
