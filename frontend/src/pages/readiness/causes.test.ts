import { describe, expect, test } from "vitest";
import { en } from "../../i18n/en";
import { es } from "../../i18n/es";
import { ptBR } from "../../i18n/pt-BR";
import { CAUSES, CLEAR, causeOf, findings, keysOf, type Sight, type Tested } from "./causes";

const WELL: Tested = {
  microphone: null,
  camera: null,
  heard: true,
  speaker: true,
  websocket: true,
  network: "direct",
  downKbps: 5_000,
  upKbps: 900,
  clockOffsetMs: 0,
};

describe("one fault on the patient's page has its own code and no other", () => {
  test.each<[string, Partial<Sight>]>([
    ["permission_denied", { microphone: "permission_denied", camera: "permission_denied" }],
    ["permission_dismissed", { camera: "permission_dismissed" }],
    ["permission_denied_by_system", { microphone: "permission_denied_by_system" }],
    ["camera_busy", { camera: "camera_busy" }],
    ["microphone_busy", { microphone: "microphone_busy" }],
    ["no_device", { camera: "no_device" }],
    ["device_lost", { camera: "device_lost" }],
    ["unsuitable_device", { camera: "unsuitable_device" }],
    ["device_failed", { camera: "failed" }],
    ["silent_microphone", { silent: true }],
    ["in_app_browser", { microphone: "in_app_browser", camera: "in_app_browser" }],
    ["insecure_origin", { microphone: "insecure_origin", camera: "insecure_origin" }],
    ["unsupported_browser", { microphone: "unsupported_browser", camera: "unsupported_browser" }],
    ["clock_skew", { clockOffsetMs: -3_600_000 }],
    ["offline", { line: "silent" }],
    ["offline", { refusal: "offline" }],
    ["websocket_blocked", { line: "no_websocket" }],
    ["udp_blocked", { network: "relay_tls" }],
    ["udp_blocked", { network: "relay_tcp", media: "stuck" }],
    ["relay_unreachable", { network: "blocked" }],
    ["relay_unreachable", { network: null, media: "stuck" }],
    ["relay_refused", { network: "refused" }],
    ["no_remote_frames", { media: "up", frozen: true }],
    ["expired", { refusal: "expired" }],
    ["revoked", { refusal: "revoked" }],
    ["too_early", { refusal: "too_early" }],
    ["room_closed", { refusal: "room_closed" }],
    ["seat_taken", { takenOver: true }],
    ["seat_taken", { refusal: "seat_taken" }],
  ])("%s", (code, fault) => expect(causeOf({ ...CLEAR, ...fault })).toBe(code));

  test.each<[string, Partial<Sight>]>([
    ["nothing", {}],
    ["what media that flows disproves", { media: "up", network: "blocked" }],
    ["a refusal that is no fault", { refusal: "consent_required" }],
    ["a clock that is a minute off", { clockOffsetMs: 60_000 }],
    ["a relay over UDP", { network: "relay_udp" }],
  ])("no code: %s", (_, sight) => expect(causeOf({ ...CLEAR, ...sight })).toBeNull());
});

describe("a test finds", () => {
  test.each<[string, Partial<Tested>, string[]]>([
    ["nothing", {}, []],
    ["what was not tried to be no fault", { heard: null, speaker: null }, []],
    ["a slow line", { upKbps: 100 }, ["low_bandwidth"]],
    ["a speaker that is silent", { speaker: false }, ["silent_speaker"]],
    ["one thing once", { microphone: "no_device", camera: "no_device", heard: null }, ["no_device"]],
    ["several things", { heard: false, network: "relay_tcp" }, ["silent_microphone", "udp_blocked"]],
  ])("%s", (_, fault, expected) => expect(findings({ ...WELL, ...fault })).toEqual(expected));
});

test.each([
  ["pt-BR", ptBR],
  ["en", en],
  ["es", es],
] as const)("in %s every cause says what happened and one next step", (_, catalogue) => {
  expect(CAUSES.length).toBe(27);
  for (const cause of CAUSES) {
    const keys = keysOf(cause);
    expect(keys, cause).not.toBeNull();
    if (!keys) continue;
    expect(catalogue[keys.title].length, cause).toBeGreaterThan(10);
    expect(catalogue[keys.next].length, cause).toBeGreaterThan(10);
    expect(catalogue[keys.next], cause).not.toContain("{");
  }
});

test("two causes never say the same", () => {
  const titles = CAUSES.map((cause) => keysOf(cause)?.title);
  expect(new Set(titles).size).toBe(CAUSES.length);
});
