/** What only pages say that come in chunks of their own: the patient's way need not carry it. */
import { admin } from "./admin";
import { agenda } from "./agenda";
import { authorisation } from "./authorisation";
import { paper } from "./paper";
import { record } from "./record";
import { security } from "./security";

export const office = {
  ...agenda,
  ...admin,
  ...security,
  ...paper,
  ...record,
  ...authorisation,
} as const;
