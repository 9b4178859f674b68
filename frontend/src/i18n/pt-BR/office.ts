/** What only pages say that come in chunks of their own: the patient's way need not carry it. */
import { admin } from "./admin";
import { agenda } from "./agenda";
import { authorisation } from "./authorisation";
import { brand } from "./brand";
import { checkup } from "./checkup";
import { doctor } from "./doctor";
import { entry } from "./entry";
import { manage } from "./manage";
import { paper } from "./paper";
import { privacy } from "./privacy";
import { queue } from "./queue";
import { readiness } from "./readiness";
import { record } from "./record";
import { security } from "./security";

export const office = {
  ...entry,
  ...doctor,
  ...record,
  ...agenda,
  ...admin,
  ...readiness,
  ...security,
  ...paper,
  ...manage,
  ...privacy,
  ...brand,
  ...authorisation,
  ...queue,
  ...checkup,
} as const;
