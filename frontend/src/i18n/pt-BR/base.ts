/** What the patient's way says, and what every page may. */
import { call } from "./call";
import { codes } from "./codes";
import { common } from "./common";
import { doctor } from "./doctor";
import { entry } from "./entry";
import { equipment } from "./equipment";
import { precall } from "./precall";

export const base = {
  ...common,
  ...codes,
  ...entry,
  ...equipment,
  ...precall,
  ...call,
  ...doctor,
} as const;
