import type { Catalogue } from "../catalogue";
import { admin } from "./admin";
import { agenda } from "./agenda";
import { authorisation } from "./authorisation";
import { call } from "./call";
import { codes } from "./codes";
import { common } from "./common";
import { doctor } from "./doctor";
import { entry } from "./entry";
import { equipment } from "./equipment";
import { paper } from "./paper";
import { precall } from "./precall";
import { record } from "./record";
import { security } from "./security";
import { withdrawal } from "./withdrawal";

export const en: Catalogue = {
  ...common,
  ...codes,
  ...entry,
  ...equipment,
  ...precall,
  ...call,
  ...doctor,
  ...agenda,
  ...record,
  ...admin,
  ...security,
  ...paper,
  ...authorisation,
  ...withdrawal,
};
