/** N1 and P2: a call comes about behind every pair of networks, over the way that the record names. */
import { setTimeout as pause } from "node:timers/promises";
import type { CallDetail } from "../src/api/types.ts";
import { comesAbout } from "./support/consultation.ts";
import { expect, inShort, type Laboratory, NAIVE_RUNS, note, RUNS, test } from "./support/lab.ts";
import type { Site } from "./support/network.ts";

/** Success is a yes or no: fewer runs than where a time is claimed. */
const EACH = Math.min(RUNS, 3);
/** Reports come from the third second on. */
const REPORTED_MS = 4_500;

const NETWORKS = {
  cone: ["cone", "open"],
  symmetric: ["symmetric", "open"],
  "no UDP": ["cone", "no_udp"],
  "only 443": ["cone", "only_443"],
} as const;
type Kind = keyof typeof NETWORKS;
const KINDS = Object.keys(NETWORKS) as Kind[];

async function place({ network }: Laboratory, site: Site, kind: Kind): Promise<void> {
  const [nat, firewall] = NETWORKS[kind];
  await network.nat(site, nat);
  await network.firewall(site, firewall);
}

/** The way that packets really took on Alice's link, from the emulator's books. */
async function taken({ network }: Laboratory): Promise<{ path: string; protocol: string }> {
  await network.do("link", { forget: true });
  await pause(1_000);
  const { links } = await network.do("link", { flows: true });
  const flows = Object.entries(links?.a?.up ?? {}).filter(([flow]) => !flow.endsWith(">203.0.113.10"));
  const [busiest] = flows.sort(([, a], [, b]) => b[1] - a[1]);
  const [protocol = "", ends = ""] = (busiest?.[0] ?? "").split(" ");
  return { path: ends.includes(">203.0.113.1") ? "relay" : "direct", protocol };
}

/** The record says TLS where the books see TCP to 443. */
function agrees(record: CallDetail, way: { path: string; protocol: string }, kind: Kind): boolean {
  const patient = record.participants.find(({ role }) => role === "patient");
  const tcp = patient?.protocol === "tcp" || patient?.protocol === "tls";
  const tls = kind !== "only 443" || patient?.protocol === "tls";
  return patient?.path === way.path && tcp === (way.protocol === "tcp") && tls;
}

for (const a of KINDS) {
  for (const b of KINDS) {
    const short = ["symmetric / symmetric", "only 443 / only 443"].includes(`${a} / ${b}`);
    test(`N1 ${a} / ${b}`, inShort(short), async ({ lab }) => {
      test.setTimeout(60_000 * (EACH + NAIVE_RUNS));
      const times: number[] = [];
      const naive: number[] = [];
      for (let run = 0; run < EACH; run++) {
        await place(lab, "a", a);
        await place(lab, "b", b);
        const [room, way] = await lab.consultation(async (call) => {
          times.push(call.setUpMs / 1_000);
          await pause(REPORTED_MS);
          return [call.room.id, await taken(lab)] as const;
        });
        const record = await lab.doctor.record(room);
        const told = record.participants.map(({ role, path, protocol }) => `${role} ${path} ${protocol}`);
        expect(agrees(record, way, a), `${told} where ${way.path} ${way.protocol} was used`).toBe(true);
      }
      for (let run = 0; run < Math.min(EACH, NAIVE_RUNS); run++) {
        await place(lab, "a", a);
        await place(lab, "b", b);
        naive.push(await comesAbout(() => lab.rival()));
      }
      // One of ours that does not come about, or is misnamed, has ended the test before this.
      note(
        {
          row: "N1",
          figure: `${a} / ${b}: connected, rightly named`,
          unit: "of 1",
          target: 1,
          atLeast: true,
        },
        { ours: times.map(() => 1), naive },
      );
      note(
        { row: "N1", figure: `${a} / ${b}: Admitir to media`, unit: "s", target: null },
        { ours: times, naive: [] },
      );
    });
  }
}

test("N1w only 443 with 300 ms and 5 % loss", async ({ lab }) => {
  test.setTimeout(90_000 * RUNS);
  const times: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    await place(lab, "a", "only 443");
    await lab.network.impair("a", { delay: 150, loss: 5 });
    await lab.consultation(async (call) => times.push(call.joinMs / 1_000));
  }
  note(
    { row: "N1w", figure: "only 443, 300 ms, 5 % loss: Entrar to media", unit: "s", target: 8 },
    { ours: times, naive: [] },
  );
});

for (const [row, delay, target] of [
  ["P2", 0, 0.2],
  ["P2s", 150, 2],
] as const) {
  test(`${row} Admitir to media, ${2 * delay} ms RTT on each link`, async ({ lab }) => {
    test.setTimeout(60_000 * RUNS);
    const times: number[] = [];
    for (let run = 0; run < RUNS; run++) {
      await lab.network.impair("a", { delay });
      await lab.network.impair("b", { delay });
      await lab.consultation(async (call) => {
        times.push(call.setUpMs / 1_000);
        await lab.network.home();
      });
    }
    note(
      { row, figure: `Admitir to media, ${2 * delay} ms RTT each`, unit: "s", target },
      { ours: times, naive: [] },
    );
  });
}

test("N12 an unused network appears: nothing is restarted", inShort(false), async ({ lab }) => {
  const [room, same] = await lab.consultation(async (call) => {
    const generation = () =>
      call.a.page.evaluate(
        () => /ice-ufrag:(\S+)/.exec(window.seen.peers.at(-1)?.localDescription?.sdp ?? "")?.[1],
      );
    const before = await generation();
    await pause(2_000);
    await lab.network.do("appear", { device: "wwan0" });
    await pause(6_000);
    await lab.network.do("vanish", { device: "wwan0" });
    await pause(4_000);
    return [call.room.id, before === (await generation())] as const;
  });
  expect(same, "the same ICE generation").toBe(true);
  const record = await lab.doctor.record(room);
  expect(record.participants.map(({ quality }) => quality?.restarts ?? 0)).toEqual([0, 0]);
});
