/** What the patient's way says, and what every page may. */
import { call } from "./call";
import { codes } from "./codes";
import { common } from "./common";
import { doctor } from "./doctor";
import { entry } from "./entry";
import { equipment } from "./equipment";
import { precall } from "./precall";
import { record } from "./record";

export const base = {
  ...common,
  ...codes,
  ...entry,
  ...equipment,
  ...precall,
  ...call,
  ...doctor,
  ...record,
} as const;
