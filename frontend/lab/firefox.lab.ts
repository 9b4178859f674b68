/** F1 to F5: the patient has the system's Firefox, the doctor Chromium. */
import { setTimeout as pause } from "node:timers/promises";
import { ptBR } from "../src/i18n/pt-BR/index.ts";
import { changes, longestSilence } from "./support/arrivals.ts";
import {
  back,
  type Call,
  comesAbout,
  consultWith,
  end,
  type Guest,
  type Pair,
  rival,
  samples,
  type Visitor,
} from "./support/consultation.ts";
import type { Who } from "./support/findings.ts";
import { Firefox, type FirefoxPage } from "./support/firefox.ts";
import {
  expect,
  inShort,
  type Laboratory,
  test as laboratory,
  NAIVE_RUNS,
  note,
  RUNS,
} from "./support/lab.ts";
import { SMALL } from "./support/people.ts";

/** Steady media before anything happens. */
const BEFORE_MS = 2_500;
/** The first report for the record leaves after three seconds. */
const REPORTED_MS = 4_500;

const test = laboratory.extend<object, { firefox: Firefox }>({
  firefox: [
    async ({ lab }, use) => {
      const { network, site } = lab;
      const firefox = await Firefox.launch(network, "alice", site.folder, site.authority, SMALL);
      await use(firefox);
      await firefox.close();
    },
    { scope: "worker", timeout: 90_000 },
  ],
});

/** The steps that people take, by the names on the screen. */
async function patient(firefox: Firefox): Promise<Guest<FirefoxPage>> {
  const page = await firefox.arrive();
  return {
    page,
    prepare: async (link) => {
      await page.goto(link);
      await page.click("button", "Continuar");
      await page.click("checkbox", ptBR["consent.check"]);
    },
    enter: () => page.click("button", "Entrar na consulta"),
    leave: () => page.leave(),
  };
}

/** Somebody at the rival's page. */
async function visitor(firefox: Firefox): Promise<Visitor<FirefoxPage>> {
  const page = await firefox.arrive();
  return { page, leave: () => page.leave() };
}

/** A consultation while `work` is done; ended by the doctor. */
async function consultation<T>(
  { doctor, network }: Laboratory,
  firefox: Firefox,
  work: (call: Call<FirefoxPage>) => Promise<T>,
): Promise<T> {
  const call = await consultWith(doctor, await patient(firefox));
  try {
    return await work(call);
  } finally {
    await network.home();
    await end(doctor, call).catch(() => call.leave());
  }
}

const NETWORKS: readonly {
  readonly name: string;
  readonly way: string;
  before?(lab: Laboratory): Promise<unknown>;
}[] = [
  { name: "cone", way: "direct udp" },
  { name: "symmetric", way: "relay udp", before: ({ network }) => network.nat("a", "symmetric") },
  // Its two relay protocols over TCP rank the same with Firefox: either may win.
  { name: "UDP blocked", way: "relay tcp or tls", before: ({ network }) => network.firewall("a", "no_udp") },
  { name: "only TCP 443", way: "relay tls", before: ({ network }) => network.firewall("a", "only_443") },
];

for (const { name, way, before } of NETWORKS) {
  test(`F1 set-up with Firefox, ${name}`, inShort(name === "only TCP 443"), async ({ lab, firefox }) => {
    test.setTimeout(90_000 * (RUNS + NAIVE_RUNS));
    const setUp: number[] = [];
    const named: string[] = [];
    for (let run = 0; run < RUNS; run++) {
      await before?.(lab);
      const room = await consultation(lab, firefox, async (call) => {
        const began = Date.now();
        await pause(REPORTED_MS);
        for (const side of [call.a, call.b]) {
          const seen = await samples(side, began);
          for (const count of ["packets", "frames"] as const)
            expect(changes(seen, (sample) => sample[count]).length, `${count} go on`).toBeGreaterThan(5);
        }
        setUp.push(call.setUpMs / 1_000);
        return call.room;
      });
      const record = await lab.doctor.record(room.id);
      const part = record.participants.find(({ role }) => role === "patient");
      named.push(`${part?.path} ${part?.protocol}`);
    }
    const right = named.map((one) =>
      Number(way.split(" ").includes(one.split(" ")[1] ?? "") && one.startsWith(way.split(" ")[0] ?? "")),
    );
    const naive: number[] = [];
    for (let run = 0; run < NAIVE_RUNS; run++) {
      await before?.(lab);
      naive.push(await comesAbout(() => rival(() => visitor(firefox), lab.bob)));
      await lab.network.home();
    }
    note({ row: "F1", figure: `${name}: set-up`, unit: "s", target: 1 }, { ours: setUp, naive: [] });
    note(
      { row: "F1", figure: `${name}: recorded as ${way}`, unit: "of 1", target: 1, atLeast: true },
      { ours: right, naive },
    );
    expect(right, `recorded: ${named.join(", ")}`).not.toContain(0);
  });
}

interface Row {
  readonly row: string;
  readonly event: string;
  /** Targets of the median in s, from the moment that `happen` gives. */
  readonly sound: number;
  readonly picture: number;
  happen(lab: Laboratory): Promise<number>;
  /** How long to watch afterwards: ours, and the rival, s. */
  readonly watch: readonly [number, number];
}

const ROWS: readonly Row[] = [
  {
    row: "F2",
    event: "Wi-Fi to 4G, break before make",
    sound: 1.5,
    picture: 2,
    happen: async ({ network }) => (await network.do("switch", { to: "wwan0" })).gone ?? 0,
    watch: [9, 30],
  },
  {
    row: "F3",
    event: "make before break, after the old way's death",
    sound: 3,
    picture: 3,
    happen: async ({ network }) => (await network.do("overlap", { to: "wwan0", seconds: 1 })).at,
    watch: [10, 30],
  },
  {
    row: "F4",
    event: "UDP blocked in the call",
    sound: 5,
    picture: 5,
    happen: async ({ network }) => {
      await network.firewall("a", "no_udp");
      return (await network.do("forget", { site: "a" })).at;
    },
    watch: [13, 30],
  },
];

for (const row of ROWS) {
  test(`${row.row} ${row.event}`, inShort(false), async ({ lab, firefox }) => {
    test.setTimeout((60 + row.watch[0]) * 1_000 * RUNS + (60 + row.watch[1]) * 1_000 * NAIVE_RUNS);
    const found: Record<Who, Awaited<ReturnType<typeof back>>[]> = { ours: [], naive: [] };
    const watch = async (pair: Pair<FirefoxPage>, seconds: number) => {
      await pause(BEFORE_MS);
      const event = await row.happen(lab);
      await pause(seconds * 1_000);
      return back(pair, event);
    };
    for (let run = 0; run < RUNS; run++) {
      found.ours.push(await consultation(lab, firefox, (call) => watch(call, row.watch[0])));
      if (run >= NAIVE_RUNS) continue;
      const other = await rival(() => visitor(firefox), lab.bob);
      found.naive.push(await watch(other, row.watch[1]));
      await lab.network.home();
      await other.leave();
    }
    for (const kind of ["sound", "picture"] as const) {
      const values = { ours: found.ours.map((one) => one[kind]), naive: found.naive.map((one) => one[kind]) };
      note({ row: row.row, figure: `${row.event}: ${kind}`, unit: "s", target: row[kind] }, values);
      expect(Math.max(...values.ours), `${kind} came back`).toBeLessThan(Number.POSITIVE_INFINITY);
    }
  });
}

test("F5 the server is killed in the call", async ({ lab, firefox }) => {
  test.setTimeout(240_000 * RUNS);
  const gaps: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const gap = await consultation(lab, firefox, async (call) => {
      await pause(BEFORE_MS);
      const event = Date.now();
      await lab.site.server.kill();
      await lab.site.server.start();
      await pause(BEFORE_MS);
      const sides = await Promise.all([call.a, call.b].map((side) => samples(side, event - 200)));
      return Math.max(...sides.map(longestSilence));
    });
    gaps.push(gap);
  }
  note(
    { row: "F5", figure: "server killed: longest silence", unit: "ms", target: 400 },
    { ours: gaps, naive: [] },
  );
  expect(Math.max(...gaps), "sound went on").toBeLessThan(Number.POSITIVE_INFINITY);
});
