import type { Catalogue } from "../catalogue";
import { call } from "./call";
import { codes } from "./codes";
import { common } from "./common";
import { entry } from "./entry";
import { equipment } from "./equipment";
import { precall } from "./precall";

export const en: Catalogue = {
  ...common,
  ...codes,
  ...entry,
  ...equipment,
  ...precall,
  ...call,
};
