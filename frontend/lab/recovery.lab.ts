/** N2 to N9: what happens to a running call when its network changes, disappears, or forgets it. */
import { setTimeout as pause } from "node:timers/promises";
import { back } from "./support/consultation.ts";
import type { Who } from "./support/findings.ts";
import { expect, inShort, type Laboratory, NAIVE_RUNS, note, RUNS, test } from "./support/lab.ts";

/** Steady media before anything happens. */
const BEFORE_MS = 2_500;
/** Rows of the short run: another network, no UDP. */
const GATED = ["N2", "N8"];

interface Row {
  readonly row: string;
  readonly event: string;
  /** Targets of the median in s, for sound and for pictures, from the moment that `happen` gives. */
  readonly sound: number;
  readonly picture: number;
  /** What the network is like before the call. */
  before?(lab: Laboratory): Promise<unknown>;
  /** Lets it happen; the moment from which the time counts, Unix ms. */
  happen(lab: Laboratory): Promise<number>;
  /** How long to watch afterwards: ours alone, and with the rival beside it, s. */
  readonly watch: readonly [ours: number, both: number];
  after?(lab: Laboratory): Promise<unknown>;
}

const hole = (seconds: number) => async (lab: Laboratory) => {
  await lab.network.impair("a", { off: 1 });
  await pause(seconds * 1_000);
  return (await lab.network.impair("a", { off: 0 })).at;
};

const symmetric = async ({ network }: Laboratory) => {
  await network.nat("a", "symmetric");
  await network.nat("b", "symmetric");
};

/** The relay that carries the most just now. */
async function busiestRelay({ network }: Laboratory): Promise<number> {
  await network.do("link", { forget: true });
  await pause(700);
  const { links } = await network.do("link", { flows: true });
  const bytes = [0, 0];
  for (const [flow, [, count]] of Object.entries(links?.a?.up ?? {})) {
    if (flow.endsWith(">203.0.113.11")) bytes[0] = (bytes[0] ?? 0) + count;
    if (flow.endsWith(">203.0.113.12")) bytes[1] = (bytes[1] ?? 0) + count;
  }
  return (bytes[0] ?? 0) >= (bytes[1] ?? 0) ? 0 : 1;
}

const ROWS: readonly Row[] = [
  {
    row: "N2",
    event: "Wi-Fi to 4G, break before make",
    sound: 1.5,
    picture: 2,
    happen: async ({ network }) => (await network.do("switch", { to: "wwan0" })).gone ?? 0,
    watch: [6, 22],
  },
  {
    row: "N3",
    event: "Wi-Fi to 4G with 3 s of nothing, after the network is back",
    sound: 2.5,
    picture: 2.5,
    happen: async ({ network }) => (await network.do("switch", { to: "wwan0", gap: 3 })).at,
    watch: [7, 20],
  },
  {
    row: "N4",
    event: "make before break, after the old way's death",
    sound: 3,
    picture: 3,
    happen: async ({ network }) => (await network.do("overlap", { to: "wwan0", seconds: 1 })).at,
    watch: [8, 25],
  },
  {
    row: "N5",
    event: "address renumbered",
    sound: 1.2,
    picture: 1.2,
    happen: async ({ network }) => (await network.do("renumber")).at,
    watch: [6, 22],
  },
  {
    row: "N6a",
    event: "cable out for 4 s, after it is back",
    sound: 0.5,
    picture: 0.5,
    happen: async ({ network }) => (await network.do("flap", { who: "alice", seconds: 4 })).at,
    watch: [6, 10],
  },
  {
    row: "N6b",
    event: "black hole of 4 s, after its end",
    sound: 1.5,
    picture: 1.5,
    happen: hole(4),
    watch: [6, 8],
  },
  {
    row: "N6c",
    event: "black hole of 12 s, after its end",
    sound: 1.5,
    picture: 1.5,
    happen: hole(12),
    watch: [7, 10],
  },
  {
    row: "N6d",
    event: "black hole of 30 s, after its end",
    sound: 2.5,
    picture: 2.5,
    happen: hole(30),
    watch: [9, 15],
  },
  {
    row: "N7",
    event: "the router forgets its mappings and becomes symmetric",
    sound: 4,
    picture: 4,
    happen: async ({ network }) => {
      await network.nat("a", "symmetric");
      return (await network.do("forget", { site: "a" })).at;
    },
    watch: [9, 15],
  },
  {
    row: "N8",
    event: "UDP blocked in the call",
    sound: 5,
    picture: 5,
    happen: async ({ network }) => {
      await network.firewall("a", "no_udp");
      return (await network.do("forget", { site: "a" })).at;
    },
    watch: [10, 25],
  },
  {
    row: "N9",
    event: "the relay in use is killed",
    sound: 6,
    picture: 6,
    before: symmetric,
    happen: async (lab) => {
      await lab.site.killRelay(await busiestRelay(lab));
      return Date.now();
    },
    watch: [11, 35],
    after: async ({ site }) => {
      await site.startRelay(0);
      await site.startRelay(1);
    },
  },
];

for (const row of ROWS) {
  test(`${row.row} ${row.event}`, inShort(GATED.includes(row.row)), async ({ lab }) => {
    test.setTimeout((30 + row.watch[0] + 40) * 1_000 * (RUNS + NAIVE_RUNS));
    const sound: Record<Who, number[]> = { ours: [], naive: [] };
    const picture: Record<Who, number[]> = { ours: [], naive: [] };
    for (let run = 0; run < RUNS; run++) {
      const beside = run < NAIVE_RUNS;
      await row.before?.(lab);
      const found = await lab.consultation(async (call) => {
        const rival = beside ? await lab.rival() : null;
        await pause(BEFORE_MS);
        const event = await row.happen(lab);
        await pause(row.watch[beside ? 1 : 0] * 1_000);
        const found = { ours: await back(call, event), naive: rival && (await back(rival, event)) };
        await rival?.leave();
        return found;
      });
      await row.after?.(lab);
      for (const who of ["ours", "naive"] as const) {
        if (!found[who]) continue;
        sound[who].push(found[who].sound);
        picture[who].push(found[who].picture);
      }
    }
    note({ row: row.row, figure: `${row.event}: sound`, unit: "s", target: row.sound }, sound);
    note({ row: row.row, figure: `${row.event}: picture`, unit: "s", target: row.picture }, picture);
    // Whatever the machine's mood: it came back, always. How fast is a figure, not a test.
    expect(Math.max(...sound.ours), "sound came back").toBeLessThan(Number.POSITIVE_INFINITY);
    expect(Math.max(...picture.ours), "pictures came back").toBeLessThan(Number.POSITIVE_INFINITY);
  });
}
