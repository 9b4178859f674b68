import type { Catalogue } from "../catalogue";
import { admin } from "./admin";
import { agenda } from "./agenda";
import { authorisation } from "./authorisation";
import { brand } from "./brand";
import { call } from "./call";
import { checkup } from "./checkup";
import { codes } from "./codes";
import { common } from "./common";
import { doctor } from "./doctor";
import { entry } from "./entry";
import { equipment } from "./equipment";
import { manage } from "./manage";
import { paper } from "./paper";
import { precall } from "./precall";
import { privacy } from "./privacy";
import { queue } from "./queue";
import { readiness } from "./readiness";
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
  ...readiness,
  ...record,
  ...admin,
  ...security,
  ...paper,
  ...manage,
  ...privacy,
  ...brand,
  ...authorisation,
  ...withdrawal,
  ...queue,
  ...checkup,
};
