/** The doctor's note of one call: saves by itself, never overwrites, and loses nothing it was given. No React here. */
import { ApiError, codeOf } from "../../api/client";
import { waitBefore } from "../../api/patience";
import type { NoteOut } from "../../api/types";
import { Value, type Watched } from "../../components/use-watched";

export type NotebookView =
  | { readonly is: "loading" }
  | { readonly is: "failed"; readonly code: string }
  | {
      readonly is: "open";
      readonly text: string;
      /** `waiting`: the server is away, the text is tried again. */
      readonly state: "saved" | "changed" | "saving" | "waiting";
      /** When the newest version was saved; null before the first. */
      readonly savedAt: string | null;
      /** Why this text is not taken, until it is changed. */
      readonly refused: string | null;
      /** What another page saved meanwhile; the doctor chooses. */
      readonly theirs: NoteOut | null;
    };

type Open = Extract<NotebookView, { is: "open" }>;

export interface NoteStore {
  load(): Promise<NoteOut>;
  save(text: string, baseVersion: number): Promise<NoteOut>;
}

export const QUIET_MS = 1_500;
const LONGEST_WAIT_MS = 10_000;
const PASSING = new Set(["unavailable", "offline", "rate_limited"]);
/** A call that has just begun may not be in the record yet. */
const TRIES_TO_FIND = 15;

export class Notebook {
  readonly #view = new Value<NotebookView>({ is: "loading" });
  readonly #store: NoteStore;
  #version = 0;
  #changedAt: number | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #saving: Promise<void> | null = null;
  #attempts = 0;
  #closed = false;

  constructor(store: NoteStore) {
    this.#store = store;
  }

  get view(): Watched<NotebookView> {
    return this.#view;
  }

  /** Whether something is on this page only. */
  get unsaved(): boolean {
    const view = this.#view.get();
    return view.is === "open" && view.state !== "saved";
  }

  async open(): Promise<void> {
    this.#closed = false;
    this.#attempts += 1;
    try {
      const note = await this.#store.load();
      this.#attempts = 0;
      if (!this.#closed) this.#begin(note);
    } catch (error) {
      if (this.#closed) return;
      const code = codeOf(error);
      const again = PASSING.has(code) || (code === "not_found" && this.#attempts < TRIES_TO_FIND);
      if (again) this.#later(this.#pause(error), () => void this.open());
      else this.#view.set({ is: "failed", code });
    }
  }

  write(text: string): void {
    const view = this.#view.get();
    if (view.is !== "open") return;
    this.#changedAt ??= Date.now();
    this.#view.set({ ...view, text, refused: null, state: view.state === "waiting" ? "waiting" : "changed" });
    if (view.theirs || view.state === "waiting") return;
    const left = this.#changedAt + LONGEST_WAIT_MS - Date.now();
    this.#later(Math.max(0, Math.min(QUIET_MS, left)), () => void this.flush());
  }

  /** Saves now what is not saved yet. */
  async flush(): Promise<void> {
    if (this.#saving) await this.#saving;
    const view = this.#view.get();
    if (view.is !== "open" || view.state === "saved" || view.theirs || view.refused) return;
    this.#saving = this.#save(view).finally(() => {
      this.#saving = null;
    });
    await this.#saving;
  }

  /** Goes on with one of the two texts, or with both. */
  settle(choice: "mine" | "theirs" | "both"): void {
    const view = this.#view.get();
    if (view.is !== "open" || !view.theirs) return;
    const { theirs } = view;
    this.#version = theirs.version;
    const text = { mine: view.text, theirs: theirs.text, both: `${theirs.text}\n\n${view.text}` }[choice];
    const state = text === theirs.text ? "saved" : "changed";
    this.#view.set({ ...view, text, theirs: null, state, savedAt: theirs.saved_at });
    void this.flush();
  }

  /** The page goes: what is left is sent on its way. */
  close(): void {
    this.#closed = true;
    if (this.#timer) clearTimeout(this.#timer);
    void this.flush();
  }

  #begin(note: NoteOut): void {
    this.#version = note.version;
    this.#view.set({
      is: "open",
      text: note.text,
      state: "saved",
      savedAt: note.saved_at,
      refused: null,
      theirs: null,
    });
  }

  async #save(asked: Open): Promise<void> {
    this.#changedAt = null;
    this.#update((view) => ({ ...view, state: view.state === "waiting" ? "waiting" : "saving" }));
    try {
      const note = await this.#store.save(asked.text, this.#version);
      this.#version = note.version;
      this.#attempts = 0;
      this.#update((view) => ({
        ...view,
        savedAt: note.saved_at,
        state: view.text === asked.text ? "saved" : "changed",
      }));
      if (this.unsaved) this.#later(QUIET_MS, () => void this.flush());
    } catch (error) {
      this.#failed(error, asked.text);
    }
  }

  #failed(error: unknown, text: string): void {
    const code = codeOf(error);
    const theirs = error instanceof ApiError ? error.problem.current : undefined;
    if (code === "note_conflict" && theirs) {
      this.#update((view) => ({ ...view, state: "changed", theirs }));
    } else if (PASSING.has(code)) {
      this.#attempts += 1;
      this.#update((view) => ({ ...view, state: "waiting" }));
      this.#later(this.#pause(error), () => void this.flush());
    } else {
      this.#update((view) => ({ ...view, state: "changed", refused: view.text === text ? code : null }));
      if (this.#view.get().is === "open" && !this.#refused()) this.#later(QUIET_MS, () => void this.flush());
    }
  }

  #refused(): boolean {
    const view = this.#view.get();
    return view.is === "open" && view.refused !== null;
  }

  #update(change: (view: Open) => Open): void {
    const view = this.#view.get();
    if (view.is === "open") this.#view.set(change(view));
  }

  #pause(error: unknown): number {
    const asked = error instanceof ApiError ? error.retryAfter : null;
    return waitBefore(Math.max(1, this.#attempts), asked) * 1000;
  }

  #later(ms: number, work: () => void): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = this.#closed ? null : setTimeout(work, ms);
  }
}
