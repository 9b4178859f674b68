import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { fakeBrowser } from "../rtc/fake-connection";
import { MemoryMedia } from "../rtc/memory-media";
import { type MemoryPort, MemoryRoom } from "../signaling/memory";
import type { Role } from "../signaling/protocol";
import { IceServers } from "./ice";
import { Session } from "./session";

let browser: ReturnType<typeof fakeBrowser>;
let room: MemoryRoom;

beforeEach(() => {
  vi.useFakeTimers();
  browser = fakeBrowser();
  room = new MemoryRoom();
});
afterEach(() => {
  browser.restore();
  vi.useRealTimers();
});

const settle = (ms = 300) => vi.advanceTimersByTimeAsync(ms);

interface Person {
  readonly session: Session;
  readonly media: MemoryMedia;
  readonly port: MemoryPort;
}

async function person(id: string, role: Role): Promise<Person> {
  const media = new MemoryMedia();
  const port: MemoryPort = room.port({ id, name: id, role }, () => session.handshake("r", true));
  const ice = new IceServers(async () => ({ ice_servers: [], expires_at: null }));
  const session: Session = new Session(media, { port, ice });
  await media.acquire({ audio: true, video: true });
  session.start();
  await settle();
  return { session, media, port };
}

const phase = ({ session }: Person) => session.phase.get();
const links = ({ session }: Person) => session.peers.get().map(({ id, link }) => `${id} ${link}`);
const live = () =>
  browser.made.filter((one) => one.signalingState !== "closed" && one.getTransceivers().length);
const heard = (event: string) => room.heard.filter((one) => one.event === event).length;

async function talking(): Promise<{ ana: Person; bia: Person }> {
  const ana = await person("ana", "doctor");
  const bia = await person("bia", "patient");
  await ana.session.admit("bia");
  await settle();
  return { ana, bia };
}

test("who is sent back to wait keeps the devices, and comes in again over a new connection", async () => {
  const { ana, bia } = await talking();
  expect(links(ana)).toEqual(["bia connected"]);
  await ana.session.hold("bia");
  await settle();
  expect([phase(bia).is, links(bia), links(ana)]).toEqual(["waiting", [], []]);
  expect(bia.media.view.get().camera.is).toBe("on");
  expect(ana.session.waiting.get().map(({ id }) => id)).toEqual(["bia"]);
  await ana.session.admit("bia");
  await settle();
  expect([phase(bia).is, links(bia), links(ana)]).toEqual(["talking", ["ana connected"], ["bia connected"]]);
});

test("a word of the doctor's stands until one is let in", async () => {
  const ana = await person("ana", "doctor");
  const bia = await person("bia", "patient");
  await ana.port.send("notice", { participant_id: "bia", text: "Já chamo." });
  await settle();
  expect(bia.session.notice.get()?.text).toBe("Já chamo.");
  await ana.session.admit("bia");
  await settle();
  expect(bia.session.notice.get()).toBeNull();
});

describe("coming in", () => {
  test("a patient waits, is admitted, and both are connected by one offer and one answer", async () => {
    const ana = await person("ana", "doctor");
    const bia = await person("bia", "patient");
    expect([phase(ana).is, phase(bia).is, bia.session.position.get()]).toEqual(["talking", "waiting", 1]);
    expect(ana.session.waiting.get().map(({ id }) => id)).toEqual(["bia"]);
    expect([links(ana), heard("signal")]).toEqual([[], 0]);
    expect(await ana.session.admit("bia")).toEqual({ ok: true });
    await settle();
    expect([phase(bia).is, bia.session.position.get()]).toEqual(["talking", null]);
    expect([links(ana), links(bia)]).toEqual([["bia connected"], ["ana connected"]]);
    expect(room.heard.map(({ from, event }) => `${from} ${event}`).slice(0, 3)).toEqual([
      "ana admit",
      "ana signal",
      "bia signal",
    ]);
  });

  test("an admission that is refused leaves nothing behind", async () => {
    const ana = await person("ana", "doctor");
    expect(await ana.session.admit("nobody")).toMatchObject({ ok: false, code: "not_found" });
    const bia = await person("bia", "patient");
    bia.session.close();
    await ana.session.refuse("bia");
    await settle();
    expect([ana.session.waiting.get(), live().length]).toEqual([[], 0]);
  });

  test("who is refused is told, and released", async () => {
    const ana = await person("ana", "doctor");
    const bia = await person("bia", "patient");
    await ana.session.refuse("bia");
    await settle();
    expect([phase(bia), bia.media.released]).toEqual([{ is: "ended", because: "refused" }, 1]);
  });

  test("three people are all connected with each other", async () => {
    const { ana, bia } = await talking();
    const caio = await person("caio", "companion");
    await ana.session.admit("caio");
    await settle();
    expect(links(ana)).toEqual(["bia connected", "caio connected"]);
    expect(links(bia)).toEqual(["ana connected", "caio connected"]);
    expect(links(caio).sort()).toEqual(["ana connected", "bia connected"]);
  });
});

describe("a lost line", () => {
  test("touches no media: the same connections go on", async () => {
    const { ana, bia } = await talking();
    const before = browser.made.length;
    bia.port.cut();
    await settle();
    expect([bia.session.server.get(), ana.session.participants.get()[0]?.connection]).toEqual([
      "reconnecting",
      "away",
    ]);
    expect([links(ana), links(bia)]).toEqual([["bia connected"], ["ana connected"]]);
    bia.port.open();
    await settle();
    expect([bia.session.server.get(), browser.made.length]).toEqual(["online", before]);
    expect([links(ana), links(bia)]).toEqual([["bia connected"], ["ana connected"]]);
  });

  test("a seat that timed out while media flows is kept, and let go when media stops too", async () => {
    const { ana, bia } = await talking();
    bia.port.cut();
    room.unseat("bia", "timeout");
    await settle();
    expect(links(ana)).toEqual(["bia connected"]);
    for (const one of live()) one.become("disconnected");
    await settle(500);
    expect(links(ana)).toEqual(["bia reconnecting"]);
    await settle(15_000);
    expect(links(ana)).toEqual([]);
  });

  test("who takes the authorisation back is out at once, and the doctor is told who it was", async () => {
    const { ana, bia } = await talking();
    room.unseat("bia", "consent_withdrawn");
    await settle();
    expect(phase(bia)).toEqual({ is: "ended", because: "consent_withdrawn" });
    expect(ana.session.withdrew.get()?.id).toBe("bia");
    expect(links(ana)).toEqual([]);
    bia.session.retry();
    await settle();
    expect(ana.session.withdrew.get(), "they wait again").toBeNull();
  });

  test("who left is let go at once", async () => {
    const { ana, bia } = await talking();
    await bia.session.leave();
    await settle();
    expect([links(ana), live().length, phase(bia)]).toEqual([[], 0, { is: "ended", because: "left" }]);
  });

  test("the call is ended by the channel when the server is away, and recorded when it is back", async () => {
    const { ana, bia } = await talking();
    ana.port.cut();
    bia.port.cut();
    const recorded = ana.session.end("completed");
    await settle();
    expect([phase(ana), phase(bia)]).toEqual([
      { is: "ended", because: "ended_by_doctor" },
      { is: "ended", because: "ended_by_doctor" },
    ]);
    expect([live().length, ana.media.released, bia.media.released]).toEqual([0, 1, 1]);
    ana.port.open();
    expect(await recorded).toMatchObject({ ok: true });
    await settle();
    expect([heard("call_end"), ana.port.state.get().is]).toEqual([1, "closed"]);
  });

  test("after half a minute without a server the page learns that nothing is recorded", async () => {
    const { ana } = await talking();
    ana.port.cut();
    const recorded = ana.session.end("completed");
    await settle(31_000);
    expect(await recorded).toMatchObject({ ok: false, code: "offline" });
  });
});

describe("another page", () => {
  test("a reload is a new connection in the same seat", async () => {
    const { ana, bia } = await talking();
    bia.session.close();
    const again = await person("bia", "patient");
    expect([links(ana), links(again)]).toEqual([["bia connected"], ["ana connected"]]);
    expect(live().length).toBe(2);
  });

  test("the doctor's reload too", async () => {
    const { ana, bia } = await talking();
    ana.session.close();
    const again = await person("ana", "doctor");
    expect([links(again), links(bia)]).toEqual([["bia connected"], ["ana connected"]]);
  });

  test("the older page is told and lets its devices go; it can take the seat back", async () => {
    const { ana, bia } = await talking();
    const second = await person("bia", "patient");
    expect([phase(bia), bia.media.released]).toEqual([{ is: "taken_over" }, 1]);
    await bia.media.acquire({ audio: true, video: true });
    bia.session.retry();
    await settle();
    expect([phase(bia).is, phase(second).is, links(ana)]).toEqual([
      "talking",
      "taken_over",
      ["bia connected"],
    ]);
  });
});

test.each([
  ["seat_taken", { is: "taken_over" }],
  ["room_closed", { is: "ended", because: "room_closed" }],
  ["revoked", { is: "refused", refusal: { code: "revoked", retryAfter: null, opensAt: null } }],
] as const)("coming back and being told %s releases everything", async (code, expected) => {
  const { bia } = await talking();
  bia.port.refuse(code);
  await settle();
  expect([phase(bia), bia.media.released, links(bia)]).toEqual([expected, 1, []]);
});

describe("media and chat", () => {
  test("switches go by the channel, the server hears nothing", async () => {
    const { ana, bia } = await talking();
    const before = room.heard.length;
    await bia.media.setMicrophone(false);
    await bia.media.setCamera(false);
    await settle();
    expect(ana.session.peers.get()[0]?.media).toMatchObject({ audio: false, video: false });
    expect(room.heard.length).toBe(before);
  });

  test("who waits tells the server", async () => {
    const ana = await person("ana", "doctor");
    const bia = await person("bia", "patient");
    await bia.media.setMicrophone(false);
    await settle();
    expect([ana.session.waiting.get()[0]?.media.audio, heard("media_state")]).toEqual([false, 1]);
  });

  test("chat arrives while the server is away, is shown once, and is stored when it is back", async () => {
    const { ana, bia } = await talking();
    bia.port.cut();
    bia.session.sendChat("estou aqui");
    await settle();
    expect(ana.session.chat.get()).toMatchObject({ unread: 1, lines: [{ text: "estou aqui", mine: false }] });
    bia.port.open();
    await settle();
    expect(ana.session.chat.get().lines.length).toBe(1);
    expect(bia.session.chat.get().lines.map(({ delivery }) => delivery)).toEqual(["sent"]);
    ana.session.markChatRead();
    expect(ana.session.chat.get().unread).toBe(0);
  });

  test("removing somebody ends it for them alone", async () => {
    const { ana, bia } = await talking();
    await ana.session.remove("bia");
    await settle();
    expect([phase(bia), phase(ana).is, links(ana)]).toEqual([
      { is: "ended", because: "removed" },
      "talking",
      [],
    ]);
  });
});
