/** The words that are always here: those of the patient's way at once, the others with the first page that says them. */
import type { Catalogue } from "./catalogue";
import { base } from "./pt-BR/base";

export const portuguese = { ...base } as Catalogue;

/** Fetches the words about what keeps people from a call. */
export async function readinessWords(): Promise<void> {
  Object.assign(portuguese, (await import("./pt-BR/readiness")).readiness);
}

/** Fetches the words of a withdrawal, which few people ever read. */
export async function withdrawalWords(): Promise<void> {
  Object.assign(portuguese, (await import("./pt-BR/withdrawal")).withdrawal);
}

/** Fetches the words of the office's pages. */
export async function officeWords(): Promise<void> {
  Object.assign(portuguese, (await import("./pt-BR/office")).office);
}

/** Fetches the words of the queue, which most people who wait never need. */
export async function queueWords(): Promise<void> {
  Object.assign(portuguese, (await import("./pt-BR/queue")).queue);
}
