import type { Catalogue } from "../catalogue";
import { admin } from "./admin";
import { agenda } from "./agenda";
import { call } from "./call";
import { codes } from "./codes";
import { common } from "./common";
import { doctor } from "./doctor";
import { entry } from "./entry";
import { equipment } from "./equipment";
import { paper } from "./paper";
import { precall } from "./precall";
import { queue } from "./queue";
import { record } from "./record";
import { security } from "./security";

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
  ...queue,
};
