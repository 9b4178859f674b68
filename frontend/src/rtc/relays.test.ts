import { expect, test } from "vitest";
import { oneRelay, relayHost } from "./relays";
import type { IceServer } from "./types";

const stun: IceServer = { urls: "stun:a.example:3478" };
const both: IceServer = {
  urls: [
    "turn:a.example:3478?transport=udp",
    "turn:a.example:3478?transport=tcp",
    "turns:a.example:443?transport=tcp",
    "turn:b.example:3478?transport=udp",
    "turns:b.example:443?transport=tcp",
  ],
  username: "u",
  credential: "c",
};
const urls = (servers: readonly IceServer[]) => servers.flatMap((server) => server.urls);

test.each<[string, readonly IceServer[], string | null, string[]]>([
  ["nothing is nothing", [], null, []],
  ["without a relay all stays", [stun], null, ["stun:a.example:3478"]],
  [
    "the first relay, by the two ways that differ most",
    [stun, both],
    null,
    ["stun:a.example:3478", "turn:a.example:3478?transport=udp", "turns:a.example:443?transport=tcp"],
  ],
  [
    "not the one in use: it may be what has died",
    [both],
    "a.example",
    ["turn:b.example:3478?transport=udp", "turns:b.example:443?transport=tcp"],
  ],
  ["unless it is the only one", [{ urls: "turn:a.example" }], "a.example", ["turn:a.example"]],
  [
    "plain TCP where there is no TLS",
    [{ urls: ["turn:a.example?transport=tcp", "turn:a.example?transport=udp"] }],
    null,
    ["turn:a.example?transport=udp", "turn:a.example?transport=tcp"],
  ],
])("%s", (_, servers, inUse, expected) => expect(urls(oneRelay(servers, inUse))).toEqual(expected));

test("credentials stay with their relay", () => {
  expect(oneRelay([both], null)[0]).toMatchObject({ username: "u", credential: "c" });
});

test.each([
  ["turn:a.example:3478?transport=udp", "a.example"],
  ["stun:a.example:3478", null],
  [null, null],
])("the host of %s is %s", (url, host) => expect(relayHost(url)).toBe(host));
