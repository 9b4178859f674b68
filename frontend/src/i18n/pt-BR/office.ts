/** What only pages say that come in chunks of their own: the patient's way need not carry it. */
import { admin } from "./admin";
import { agenda } from "./agenda";
import { doctor } from "./doctor";
import { entry } from "./entry";
import { paper } from "./paper";
import { queue } from "./queue";
import { record } from "./record";
import { security } from "./security";

export const office = {
  ...entry,
  ...doctor,
  ...record,
  ...agenda,
  ...admin,
  ...security,
  ...paper,
  ...queue,
} as const;
