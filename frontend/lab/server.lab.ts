/** N10: the server dies three times in a call, and nobody notices but the status line. */
import { setTimeout as pause } from "node:timers/promises";
import { line, say } from "../e2e/support/steps.ts";
import { longestGap } from "./support/arrivals.ts";
import { samples, shown } from "./support/consultation.ts";
import { expect, inShort, note, RUNS, test } from "./support/lab.ts";

const KILLS = 3;
const WITHOUT_MS = 1_500;

test("N10 the server is killed three times", inShort(true), async ({ lab }) => {
  // A server takes ten times as long to start beside two browsers and an emulator.
  test.setTimeout(240_000 * RUNS);
  const gaps: number[] = [];
  const freezes: number[] = [];
  const back: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const said: string[] = [];
    let ended = 0;
    const room = await lab.consultation(async (call) => {
      await pause(2_000);
      const from = Date.now();
      for (let kill = 1; kill <= KILLS; kill++) {
        await lab.site.server.kill();
        await pause(WITHOUT_MS);
        const text = `Sem servidor ${run}.${kill}`;
        said.push(text);
        await say(call.a.page, text);
        await expect(await line(call.b.page, text)).toHaveCount(1);
        await lab.site.server.start();
        const ready = Date.now();
        await call.a.page.waitForFunction(() =>
          window.seen.sockets.some(({ readyState }) => readyState === 1),
        );
        await call.b.page.waitForFunction(() =>
          window.seen.sockets.some(({ readyState }) => readyState === 1),
        );
        back.push((Date.now() - ready) / 1_000);
      }
      await pause(3_000);
      const until = Date.now();
      for (const side of [call.a, call.b]) {
        gaps.push(longestGap(await shown(side, from), from, until));
        const seen = await samples(side, from);
        freezes.push((seen.at(-1)?.freezes ?? 0) - (seen[0]?.freezes ?? 0));
      }
      for (const text of said) await expect(await line(call.b.page, text)).toHaveCount(1);
      ended = Date.now();
      return call.room.id;
    });
    const record = await lab.doctor.record(room);
    expect(record.messages.map(({ text }) => text).sort(), "each message once").toEqual([...said].sort());
    const off = Math.abs(Date.parse(record.ended_at ?? "") - ended);
    expect(off, "the end is right within a second or so of pressing").toBeLessThan(3_000);
  }
  note(
    { row: "N10", figure: "server killed thrice: longest gap between pictures", unit: "ms", target: 250 },
    { ours: gaps, naive: [] },
  );
  note(
    { row: "N10", figure: "server killed thrice: freezes", unit: "", target: 0 },
    { ours: freezes, naive: [] },
  );
  note(
    { row: "N10", figure: "sockets back after the server is ready", unit: "s", target: 5 },
    { ours: back, naive: [] },
  );
});
