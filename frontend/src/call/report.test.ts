import { expect, test } from "vitest";
import type { QualityFigures } from "../rtc/types";
import { type Reported, reportOf } from "./report";

const one = (connection: RTCPeerConnectionState, loss: number | null): Reported => ({
  connection,
  measured: loss === null ? null : { path: null, figures: { loss_in: loss } as QualityFigures },
});

test.each([
  ["nobody", [], undefined],
  ["nothing measured", [one("connected", null)], undefined],
  ["the lossier of two", [one("connected", 0.1), one("connected", 0.3)], 0.3],
  ["the broken one", [one("disconnected", 0), one("connected", 0.3)], 0],
])("%s", (_, connections, loss) => expect(reportOf(connections)?.quality.loss_in).toBe(loss));
