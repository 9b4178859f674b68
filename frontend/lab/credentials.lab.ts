/** N11: relay credentials have expired when the network changes. */
import { setTimeout as pause } from "node:timers/promises";
import { backAfter, changes, SOUND_GAP_MS } from "./support/arrivals.ts";
import { back, samples } from "./support/consultation.ts";
import { expect, NAIVE_RUNS, note, RUNS, test } from "./support/lab.ts";

const TTL_S = 60;
const WATCHED_MS = 10_000;
/** The rival's credentials last a day: what it lacks is not these. */
const NAIVE_WATCHED_MS = 30_000;

test.use({ siteOptions: { turnTtl: TTL_S } });

test("N11 Wi-Fi to 4G after the first relay credentials have expired", async ({ lab }) => {
  test.setTimeout(150_000 * (RUNS + NAIVE_RUNS));
  const times: number[] = [];
  const naive: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    // Both behind symmetric NATs: there is no way but the relay, before and after.
    for (const site of ["a", "b", "c"] as const) await lab.network.nat(site, "symmetric");
    await lab.consultation(async (call) => {
      const rival = run < NAIVE_RUNS ? await lab.rival() : null;
      await pause((TTL_S + 5) * 1_000);
      const { gone = 0 } = await lab.network.do("switch", { to: "wwan0" });
      await pause(rival ? NAIVE_WATCHED_MS : WATCHED_MS);
      if (rival) naive.push((await back(rival, gone)).sound);
      await rival?.leave();
      for (const side of [call.a, call.b]) {
        const seen = await samples(side, gone - 2_000);
        expect(seen.at(-1)?.path, "by the relay").toContain("relay");
        const sounds = changes(seen, ({ packets }) => packets);
        times.push(backAfter(sounds, gone, Date.now() - 200, SOUND_GAP_MS) / 1_000);
      }
    });
  }
  note(
    { row: "N11", figure: "credential expired, Wi-Fi to 4G: sound", unit: "s", target: 4 },
    { ours: times, naive },
  );
  expect(Math.max(...times)).toBeLessThan(Number.POSITIVE_INFINITY);
});
