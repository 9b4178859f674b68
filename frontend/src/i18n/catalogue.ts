/** The shape of a catalogue: pt-BR says which keys exist and which `{values}` each one needs. */
import type { ptBR } from "./pt-BR";

type Source = typeof ptBR;
export type Key = keyof Source;
export type Catalogue = Record<Key, string>;

type ValuesOf<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | ValuesOf<Rest>
  : never;
export type Values<K extends Key> = ValuesOf<Source[K]>;
/** No second argument for a text without values, else exactly its values. */
export type Filling<K extends Key> = [Values<K>] extends [never] ? [] : [Record<Values<K>, string | number>];

/** The stems of keys that come as `stem.one` and `stem.other`. */
export type PluralStem = {
  [K in Key]: K extends `${infer Stem}.other` ? (`${Stem}.one` extends Key ? Stem : never) : never;
}[Key];

/** `text` with every `{name}` replaced by its value; an unknown one stays to be seen. */
export function fill(text: string, values: Record<string, string | number> = {}): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
