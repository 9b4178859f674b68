/** The catalogue that says which keys exist. */
import { call } from "./call";
import { codes } from "./codes";
import { common } from "./common";
import { entry } from "./entry";
import { equipment } from "./equipment";
import { precall } from "./precall";

export const ptBR = {
  ...common,
  ...codes,
  ...entry,
  ...equipment,
  ...precall,
  ...call,
} as const;
