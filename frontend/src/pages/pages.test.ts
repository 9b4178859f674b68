import { describe, expect, test } from "vitest";
import type { InvitationOut, RoomOut, TimelineEntry } from "../api/types";
import type { CallPhase, PeerView } from "../call";
import { makeI18n } from "../i18n";
import { ptBR } from "../i18n/pt-BR";
import { initials } from "./call/avatar";
import { stateKey } from "./call/state-words";
import { weakWords } from "./call/status-line";
import { deliveryWords } from "./doctor/invitations";
import { wishOf } from "./doctor/new-consultation";
import { standingOf } from "./doctor/room-card";
import { whenOf } from "./doctor/when-fields";
import { whenIs } from "./precall/caller";
import { readLink } from "./precall/link-token";
import { queryOf } from "./records/calls-list";
import { detailWords, sentence } from "./records/timeline";
import { wantedPath } from "./staff/home";

const i18n = makeI18n("pt-BR", ptBR, () => undefined);
const talking: CallPhase = { is: "talking", since: "2026-11-24T12:00:00Z" };
const peer = (link: PeerView["link"]) => ({ link }) as PeerView;

describe("the call's state in words", () => {
  test.each<[string, CallPhase, PeerView[], "online" | "reconnecting", string]>([
    ["alone", talking, [], "online", "call.state.alone"],
    ["setting up", talking, [peer("connecting")], "online", "call.state.connecting"],
    ["talking", talking, [peer("connected")], "online", "call.state.talking"],
    ["the media dropped", talking, [peer("reconnecting")], "reconnecting", "call.state.reconnecting"],
    ["only the server is away", talking, [peer("connected")], "reconnecting", "call.state.socket"],
    ["waiting", { is: "waiting", since: "" }, [], "online", "call.state.waiting"],
    ["over", { is: "ended", because: "left" }, [], "online", "call.state.ended"],
  ])("%s", (_, phase, peers, server, expected) => expect(stateKey(phase, peers, server)).toBe(expected));
});

describe("a weak side", () => {
  const weak = (name: string, grade: "fair" | "poor", hint: "you_send_weakly" | null): PeerView =>
    ({ name, quality: { grade, hint, path: null, figures: {} } }) as PeerView;
  const words = i18n.t("call.hint.you_send_weakly");
  test.each([
    ["nobody", [], null],
    ["only a little", [weak("Bia", "fair", "you_send_weakly")], null],
    ["poor for no reason we know", [weak("Bia", "poor", null)], null],
    ["one person", [weak("Bia", "poor", "you_send_weakly")], words],
    ["one of two", [weak("Ana", "poor", null), weak("Bia", "poor", "you_send_weakly")], `Bia: ${words}`],
  ])("%s", (_, peers, expected) => expect(weakWords(peers, i18n.t)).toBe(expected));
});

describe("a personal link", () => {
  test.each([
    ["/paciente/0198", "#abc.def", { roomId: "0198", token: "abc.def" }],
    ["/video/0198", "#abc", { roomId: "0198", token: "abc" }],
    ["/paciente/0198/", "#abc", { roomId: "0198", token: "abc" }],
    ["/paciente/0198", "", null],
    ["/medico/0198", "#abc", null],
    ["/painel", "#main", null],
  ])("%s%s", (path, hash, expected) => expect(readLink(path, hash)).toEqual(expected));
});

describe("where sign-in leads", () => {
  test.each([
    ["?para=%2Fmedico%2F1", "/medico/1"],
    ["?para=https://evil.example", "/painel"],
    ["?para=//evil.example", "/painel"],
    ["?para=/%5Cevil.example", "/painel"],
    ["", "/painel"],
  ])("%s", (search, expected) => expect(wantedPath(search, "/painel")).toBe(expected));
});

test.each([
  ["Dra. Ana Souza", "AS"],
  ["Bia", "B"],
  ["João Pedro da Silva", "JS"],
  ["", "?"],
])("the initials of %s are %s", (name, expected) => expect(initials(name)).toBe(expected));

describe("when a consultation is", () => {
  const now = new Date("2026-11-24T12:00:00");
  const at = (text: string) => new Date(text).toISOString();
  test.each([
    [at("2026-11-24T11:59:00"), "Sua consulta é agora"],
    [at("2026-11-24T14:30:00"), "Hoje às 14:30"],
    [at("2026-11-26T09:00:00"), "quinta-feira, 26 de novembro, às 09:00"],
  ])("%s", (startsAt, expected) => expect(whenIs(startsAt, now, i18n)).toBe(expected));
});

describe("a new consultation", () => {
  const zone = "America/Manaus";
  const form = (fields: Record<string, string>) => {
    const data = new FormData();
    for (const [name, value] of Object.entries(fields)) data.set(name, value);
    return data;
  };
  test("now needs a name and nothing else", () => {
    expect(wishOf(form({ name: " Bia ", email: "", language: "en" }), null)).toEqual({
      patient: { name: "Bia", email: null },
      language: "en",
    });
  });

  test("later says when by the clinic's clock, for how long, and where the patient's clock is", () => {
    const filled = form({
      name: "Bia",
      date: "2026-11-24",
      time: "14:30",
      duration: "45",
      zone: "Asia/Tokyo",
    });
    expect(wishOf(filled, whenOf(filled, zone))).toMatchObject({
      starts_at: "2026-11-24T18:30:00Z",
      duration_minutes: 45,
      time_zone: "Asia/Tokyo",
    });
  });

  test("an hour that the clock skips is no time at all", () => {
    expect(whenOf(form({ date: "2027-03-28", time: "01:30", duration: "30" }), "Europe/Lisbon")).toBeNull();
  });
});

describe("a room's card", () => {
  const now = new Date("2026-11-24T12:00:00Z");
  const room = (starts_at: string, ends_at: string, state: RoomOut["state"] = "open") =>
    ({ starts_at, ends_at, state }) as RoomOut;
  test.each([
    ["ahead", room("2026-11-24T13:00:00Z", "2026-11-24T13:30:00Z"), false, null],
    ["its time", room("2026-11-24T11:50:00Z", "2026-11-24T12:20:00Z"), false, "room.state.now"],
    ["late", room("2026-11-24T10:00:00Z", "2026-11-24T10:30:00Z"), false, "room.state.late"],
    ["late but running", room("2026-11-24T10:00:00Z", "2026-11-24T10:30:00Z"), true, "room.state.running"],
    ["closed", room("2026-11-24T11:50:00Z", "2026-11-24T12:20:00Z", "closed"), true, "room.state.closed"],
  ])("%s", (_, which, inCall, expected) => expect(standingOf(which, inCall, now)).toBe(expected));
});

describe("an invitation's way", () => {
  const invitation = (change: Partial<InvitationOut>) =>
    ({ state: "active", delivery: "none", opened_at: null, ...change }) as InvitationOut;
  test.each([
    [invitation({}), "Sem e-mail: envie o link você mesmo"],
    [invitation({ delivery: "queued" }), "E-mail na fila de envio"],
    [invitation({ state: "revoked", delivery: "sent" }), "Link cancelado"],
    [invitation({ delivery: "failed" }), "O e-mail não foi aceito. Confira o endereço ou copie o link."],
    [
      invitation({ delivery: "failed", delivery_code: "recipient_refused" }),
      "O endereço de e-mail não existe ou não recebe. Confira-o ou copie o link.",
    ],
    [
      invitation({ delivery: "queued", delivery_code: "smtp_deferred" }),
      "O servidor de e-mail pediu para esperar. Tentamos de novo sozinhos.",
    ],
  ])("%o", (which, expected) => expect(deliveryWords(which, i18n)).toBe(expected));
});

test("filters become whole days, the last one included", () => {
  const query = queryOf({ from: "2026-11-01", to: "2026-11-30", patient: "", outcome: "no_show" });
  expect(query).toEqual({
    from: new Date("2026-11-01T00:00").toISOString().replace(".000Z", "Z"),
    to: new Date("2026-12-01T00:00").toISOString().replace(".000Z", "Z"),
    outcome: "no_show",
  });
});

describe("a record's timeline", () => {
  const entry = (event: string, name: string | null = null): TimelineEntry => ({
    at: "2026-11-24T12:00:00Z",
    event,
    participant_id: null,
    name,
    detail: null,
    duration_ms: null,
  });
  test.each([
    [entry("arrived", "Bia"), "Bia chegou"],
    [entry("call_ended"), "A consulta terminou"],
    [{ ...entry("interrupted", "Bia"), duration_ms: 4_210 }, "A conexão de Bia parou por 4,2 s"],
    [entry("interrupted", "Bia"), "A conexão de Bia parou, sem registro de volta"],
    [entry("screen_shared", "Bia"), "Bia: screen shared"],
  ])("%o", (which, expected) => expect(sentence(which, i18n)).toBe(expected));

  test("details are words where we have them", () => {
    expect(detailWords("timeout", i18n)).toBe("a conexão não voltou");
    expect(detailWords("relay udp", i18n)).toBe("por repetidor, por UDP");
    expect(detailWords("network_changed", i18n)).toBe("mudança de rede");
    expect(detailWords("by carrier pigeon", i18n)).toBe("by carrier pigeon");
    expect(detailWords(null, i18n)).toBeNull();
  });
});
