/** What only pages say that come in chunks of their own: the patient's way need not carry it. */
import { admin } from "./admin";
import { agenda } from "./agenda";
import { paper } from "./paper";
import { queue } from "./queue";
import { security } from "./security";

export const office = {
  ...agenda,
  ...admin,
  ...security,
  ...paper,
  ...queue,
} as const;
