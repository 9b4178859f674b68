import { describe, expect, test } from "vitest";
import {
  type Answer,
  answerOf,
  type Gathered,
  interpret,
  type PathName,
  type Paths,
  type Probe,
  probesFor,
  UNTESTED,
  verdictOf,
} from "./path-test";

const UDP = "turn:relay.example:3478?transport=udp";
const TCP = "turn:relay.example:3478?transport=tcp";
const TLS = "turns:relay.example:443?transport=tcp";
const STUN = "stun:relay.example:3478";

describe("what is asked", () => {
  test.each<[string, string[], [string, PathName][]]>([
    [
      "a relay over UDP answers STUN as well",
      [UDP],
      [
        [UDP, "relayUdp"],
        [STUN, "direct"],
      ],
    ],
    [
      "UDP is what goes without saying",
      ["turn:relay.example"],
      [
        ["turn:relay.example", "relayUdp"],
        ["stun:relay.example", "direct"],
      ],
    ],
    ["a relay over TCP proves nothing about UDP", [TCP], [[TCP, "relayTcp"]]],
    ["TLS", [TLS], [[TLS, "relayTls"]]],
    ["TLS is TCP without saying", ["turns:relay.example"], [["turns:relay.example", "relayTls"]]],
    ["no browser speaks DTLS to a relay", ["turns:relay.example?transport=udp"], []],
    ["a server of its own for STUN", ["stun:stun.example:3478"], [["stun:stun.example:3478", "direct"]]],
    [
      "the same place once",
      [STUN, UDP, UDP],
      [
        [STUN, "direct"],
        [UDP, "relayUdp"],
      ],
    ],
    [
      "an address of version 6",
      ["turn:[2001:db8::1]:3478"],
      [
        ["turn:[2001:db8::1]:3478", "relayUdp"],
        ["stun:[2001:db8::1]:3478", "direct"],
      ],
    ],
    ["nonsense", ["https://relay.example", "", "turn:"], []],
    ["nothing", [], []],
  ])("%s", (_, urls, expected) => {
    expect(probesFor(urls).map(({ url, path }) => [url, path])).toEqual(expected);
  });

  test("not without end", () => {
    expect(probesFor(Array.from({ length: 99 }, (_, at) => `stun:stun${at}.example`))).toHaveLength(12);
  });
});

const gathered = (change: Partial<Gathered> = {}): Gathered => ({
  errors: [],
  candidates: [],
  complete: false,
  hears: true,
  ...change,
});

describe("what an answer means", () => {
  test.each<[string, PathName, Partial<Gathered>, Answer]>([
    ["unauthorized is an answer", "relayTls", { errors: [401] }, "answered"],
    ["so is any other word of a relay", "relayUdp", { errors: [441] }, "answered"],
    ["a relay that serves nobody from here", "relayTls", { errors: [403] }, "refused"],
    ["a relay that is full", "relayUdp", { errors: [401, 486] }, "refused"],
    ["one interface that reaches it is enough", "relayUdp", { errors: [701, 701, 401] }, "answered"],
    ["a relay that lets one in", "relayTcp", { candidates: ["relay"] }, "answered"],
    ["a mapped address", "direct", { candidates: ["host", "srflx"] }, "answered"],
    ["own addresses prove nothing", "direct", { candidates: ["host"], errors: [701] }, "silent"],
    ["a relay's refusal is no mapped address", "direct", { errors: [401] }, "silent"],
    ["nobody answered", "relayUdp", { errors: [701], complete: true }, "silent"],
    ["nothing within the time", "relayTls", {}, "silent"],
    ["a relay that is not even tried", "relayTls", { complete: true }, "quiet"],
    ["a refused connection", "relayTcp", { errors: [701], complete: true }, "silent"],
    ["no other address, and no complaint", "direct", { candidates: ["host"], complete: true }, "answered"],
    [
      "no other address on the one interface that could",
      "direct",
      { candidates: ["host"], errors: [701], complete: true },
      "quiet",
    ],
    ["a browser that is not allowed any UDP", "direct", { complete: true }, "silent"],
    ["silence is waited for", "direct", { candidates: ["host"] }, "silent"],
    ["a browser that reports no errors", "relayTls", { complete: true, hears: false }, "untold"],
    ["but which finds an address", "direct", { candidates: ["srflx"], hears: false }, "answered"],
  ])("%s", (_, path, told, expected) => expect(answerOf(path, gathered(told))).toBe(expected));
});

const EVERY: readonly Probe[] = [...probesFor([UDP, TCP, TLS])];
const paths = (
  direct: Paths["direct"],
  relayUdp: Paths["direct"],
  relayTcp: Paths["direct"],
  relayTls: Paths["direct"],
) => ({ direct, relayUdp, relayTcp, relayTls }) satisfies Paths;

describe("what it comes to", () => {
  /** Answers in the order of `EVERY`: relay over UDP, STUN, relay over TCP, relay over TLS. */
  test.each<[string, (Answer | null)[], Paths, string]>([
    [
      "all is open",
      ["answered", "answered", "answered", "answered"],
      paths("ok", "ok", "ok", "ok"),
      "direct",
    ],
    ["not known yet", [null, null, null, null], paths("testing", "testing", "testing", "testing"), "testing"],
    [
      "direct is known at once",
      [null, "answered", null, null],
      paths("ok", "testing", "testing", "testing"),
      "direct",
    ],
    [
      "only TLS is known",
      [null, null, null, "answered"],
      paths("testing", "testing", "testing", "ok"),
      "testing",
    ],
    [
      "only TLS gets through",
      ["silent", "silent", "silent", "answered"],
      paths("blocked", "blocked", "blocked", "ok"),
      "relay_tls",
    ],
    [
      "TCP gets through",
      ["silent", "silent", "answered", "answered"],
      paths("blocked", "blocked", "ok", "ok"),
      "relay_tcp",
    ],
    [
      "UDP to the relay alone",
      ["answered", "silent", "silent", "silent"],
      paths("blocked", "ok", "blocked", "blocked"),
      "relay_udp",
    ],
    [
      "nothing gets through",
      ["silent", "silent", "silent", "silent"],
      paths("blocked", "blocked", "blocked", "blocked"),
      "blocked",
    ],
    [
      "the relay tells that UDP goes",
      ["answered", "quiet", "silent", "silent"],
      paths("ok", "ok", "blocked", "blocked"),
      "direct",
    ],
    [
      "the relay may yet tell",
      [null, "quiet", null, null],
      paths("testing", "testing", "testing", "testing"),
      "testing",
    ],
    [
      "quiet proves nothing by itself",
      ["silent", "quiet", "silent", "silent"],
      paths("unknown", "blocked", "blocked", "blocked"),
      "unknown",
    ],
    [
      "a browser that says nothing",
      ["untold", "untold", "untold", "untold"],
      paths("unknown", "unknown", "unknown", "unknown"),
      "unknown",
    ],
    [
      "one that says little",
      ["untold", "answered", "untold", "untold"],
      paths("ok", "unknown", "unknown", "unknown"),
      "direct",
    ],
  ])("%s", (_, answers, expected, verdict) => {
    const found = interpret(EVERY, answers);
    expect(found).toEqual(expected);
    expect(verdictOf(found)).toBe(verdict);
  });

  test.each<[string, string[], (Answer | null)[], Paths, string]>([
    ["no servers at all", [], [], UNTESTED, "unknown"],
    ["no relay, and UDP goes", [STUN], ["answered"], paths("ok", "absent", "absent", "absent"), "direct"],
    [
      "no relay, and UDP does not go",
      [STUN],
      ["silent"],
      paths("blocked", "absent", "absent", "absent"),
      "blocked",
    ],
    ["a relay for TLS only", [TLS], ["answered"], paths("unknown", "absent", "absent", "ok"), "relay_tls"],
    [
      "one of two relays is dead",
      [TLS, "turns:b.example"],
      ["silent", "answered"],
      paths("unknown", "absent", "absent", "ok"),
      "relay_tls",
    ],
    [
      "one relay's address is not understood",
      [TLS, "turns:b.example"],
      ["untold", "silent"],
      paths("unknown", "absent", "absent", "blocked"),
      "unknown",
    ],
  ])("%s", (_, urls, answers, expected, verdict) => {
    const found = interpret(probesFor(urls), answers);
    expect(found).toEqual(expected);
    expect(verdictOf(found)).toBe(verdict);
  });
});
