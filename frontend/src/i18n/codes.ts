/** Every code of a refusal has its own words and one next step; the catalogue is keyed by code. */
import type { Key } from "./catalogue";
import { portuguese } from "./portuguese";

export type CodeWords = { title: Key; next: Key; known: boolean };

/** The keys of the words for `code`; an unknown code gets words that say so, with the code as `{code}`. */
export function wordsOf(code: string): CodeWords {
  const title = `code.${code}`;
  const next = `code.${code}.next`;
  if (title in portuguese && next in portuguese)
    return { title: title as Key, next: next as Key, known: true };
  return { title: "code.unknown", next: "code.unknown.next", known: false };
}
