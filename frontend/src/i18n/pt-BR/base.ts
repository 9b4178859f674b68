/** What the patient's way says, and what every page may. */
import { call } from "./call";
import { codes } from "./codes";
import { common } from "./common";
import { equipment } from "./equipment";
import { precall } from "./precall";

export const base = {
  ...common,
  ...codes,
  ...equipment,
  ...precall,
  ...call,
} as const;
