/**
 * Which relays a restart asks first. Pure.
 *
 * A browser tries each of its addresses against each of the other side's, one every 50 ms: with two relays by three ways
 * on both sides that takes three seconds. A restart is in a hurry, so the first one asks a single relay by the two ways
 * that differ most, and only one that did not help asks all.
 */

import type { IceServer } from "./types";

interface Way {
  readonly url: string;
  readonly host: string;
  readonly by: "udp" | "tcp" | "tls";
}

function wayOf(url: string): Way | null {
  const found = /^(turns?):([^:?]+)(?::\d+)?(?:\?transport=(\w+))?$/.exec(url);
  if (!found) return null;
  const [, scheme, host = "", transport = "udp"] = found;
  return { url, host, by: scheme === "turns" ? "tls" : transport === "tcp" ? "tcp" : "udp" };
}

/** The host of a relay's address, null for anything else. */
export function relayHost(url: string | null): string | null {
  return url === null ? null : (wayOf(url)?.host ?? null);
}

function pick(ways: readonly Way[]): string[] {
  const udp = ways.find(({ by }) => by === "udp");
  const stream = ways.find(({ by }) => by === "tls") ?? ways.find(({ by }) => by === "tcp");
  return [udp, stream].flatMap((way) => (way ? [way.url] : []));
}

/** These servers with one relay only: another one than `inUse` if there is one, by UDP and by TLS. */
export function oneRelay(servers: readonly IceServer[], inUse: string | null): readonly IceServer[] {
  const all = servers.map((server) => ({
    server,
    ways: [server.urls].flat().flatMap((url) => wayOf(url) ?? []),
  }));
  const hosts = all.flatMap(({ ways }) => ways.map(({ host }) => host));
  const host = hosts.find((one) => one !== inUse) ?? hosts[0];
  return all.flatMap(({ server, ways }) => {
    if (ways.length === 0) return [server];
    const urls = pick(ways.filter((way) => way.host === host));
    return urls.length ? [{ ...server, urls }] : [];
  });
}
