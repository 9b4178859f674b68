/** The test of the network, for the pages before a call. */

export {
  type NetworkVerdict,
  PATHS,
  type PathName,
  type PathResult,
  type Paths,
  PathTest,
  UNTESTED,
  verdictOf,
} from "../rtc/path-test";
