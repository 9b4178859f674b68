/**
 * Which ways out of this network there are, found without the right to use a relay.
 *
 * A relay answers a made-up credential with "unauthorized" (RFC 8656): that answer proves that it was reached over that
 * transport. A STUN server that tells a mapped address proves that UDP comes and goes. Deciding is pure; `PathTest`
 * asks the browser, with one connection per address so that each answer has one meaning.
 */

import { Value, type Watched } from "./value";

/** `absent`: nothing is there to be reached this way. `refused`: a relay is there and serves nobody from here. `unknown`: this browser does not say. */
export type PathResult = "testing" | "ok" | "blocked" | "refused" | "unknown" | "absent";

export interface Paths {
  readonly direct: PathResult;
  readonly relayUdp: PathResult;
  readonly relayTcp: PathResult;
  readonly relayTls: PathResult;
}

export type PathName = keyof Paths;

/** The best way first: what a call would take. */
export const PATHS: readonly PathName[] = ["direct", "relayUdp", "relayTcp", "relayTls"];

/** What it comes to; a stable code for words and for tests. */
export type NetworkVerdict =
  | "testing"
  | "direct"
  | "relay_udp"
  | "relay_tcp"
  | "relay_tls"
  | "blocked"
  | "refused"
  | "unknown";

const VERDICT = {
  direct: "direct",
  relayUdp: "relay_udp",
  relayTcp: "relay_tcp",
  relayTls: "relay_tls",
} as const satisfies Record<PathName, NetworkVerdict>;

export function verdictOf(paths: Paths): NetworkVerdict {
  for (const name of PATHS) {
    if (paths[name] === "ok") return VERDICT[name];
    if (paths[name] === "testing") return "testing";
  }
  if (PATHS.some((name) => paths[name] === "refused")) return "refused";
  return PATHS.some((name) => paths[name] === "unknown") ? "unknown" : "blocked";
}

export interface Probe {
  readonly url: string;
  readonly path: PathName;
}

const URL_FORM = /^(stun|turns?):([^?]+)(?:\?transport=(udp|tcp))?$/i;
/** More would only tell the same again. */
const MOST_PROBES = 12;

/** What to ask for these addresses. A relay over UDP answers STUN as well, so it proves more than itself. */
export function probesFor(urls: readonly string[]): readonly Probe[] {
  const probes = urls.flatMap((url): Probe[] => {
    const [, scheme = "", where = "", transport = ""] = URL_FORM.exec(url) ?? [];
    const udp = transport.toLowerCase() !== "tcp";
    switch (scheme.toLowerCase()) {
      case "stun":
        return [{ url, path: "direct" }];
      case "turn":
        if (!udp) return [{ url, path: "relayTcp" }];
        return [
          { url, path: "relayUdp" },
          { url: `stun:${where}`, path: "direct" },
        ];
      case "turns":
        // Over UDP it would be DTLS, which no browser speaks to a relay.
        return transport && udp ? [] : [{ url, path: "relayTls" }];
      default:
        return [];
    }
  });
  const known = new Set<string>();
  return probes.filter(({ url }) => !known.has(url) && known.add(url)).slice(0, MOST_PROBES);
}

/** Everything one connection was told while it gathered. */
export interface Gathered {
  readonly errors: readonly number[];
  /** Kinds of candidates: `host`, `srflx`, `relay`. */
  readonly candidates: readonly string[];
  /** False while it goes on, or when it went on for too long. */
  readonly complete: boolean;
  /** False in a browser that reports no errors of gathering. */
  readonly hears: boolean;
}

/** `quiet`: it ended early and proved nothing. `untold`: this browser would not have said. */
export type Answer = "answered" | "refused" | "quiet" | "silent" | "untold";

/** A STUN error code is the word of a server; 701 is the browser's own for "nobody answered". */
const isServersWord = (code: number) => code >= 300 && code < 600;
/** Forbidden, quota reached, insufficient capacity: no credential would change that. */
const REFUSALS: ReadonlySet<number> = new Set([403, 486, 508]);

export function answerOf(path: PathName, gathered: Gathered): Answer {
  return path === "direct" ? mirrored(gathered) : admitted(gathered);
}

function admitted({ errors, candidates, complete, hears }: Gathered): Answer {
  if (candidates.includes("relay")) return "answered";
  if (errors.some((code) => REFUSALS.has(code))) return "refused";
  if (errors.some(isServersWord)) return "answered";
  if (!hears) return "untold";
  // Firefox does not try TLS towards a bare address, and says nothing about it.
  return complete && errors.length === 0 ? "quiet" : "silent";
}

function mirrored({ errors, candidates, complete, hears }: Gathered): Answer {
  if (candidates.includes("srflx")) return "answered";
  if (!hears) return "untold";
  // Silence would have been waited for.
  if (!complete || !candidates.includes("host")) return "silent";
  // Where no address is translated the mapped one is no other, and is not told; unless one interface had no chance.
  return errors.length === 0 ? "answered" : "quiet";
}

/** Null as an answer: still on its way. */
export function interpret(probes: readonly Probe[], answers: readonly (Answer | null)[]): Paths {
  const of = (path: PathName): PathResult => {
    const heard = new Set(answers.filter((_, at) => probes[at]?.path === path));
    if (heard.size === 0) return "absent";
    if (heard.has("answered")) return "ok";
    if (heard.has(null)) return "testing";
    if (heard.has("refused")) return "refused";
    if (heard.has("quiet")) return "unknown";
    return heard.has("silent") ? "blocked" : "unknown";
  };
  const relayUdp = of("relayUdp");
  let direct = of("direct");
  // The relay tells as well whether UDP comes and goes.
  if (direct === "unknown" && (relayUdp === "ok" || relayUdp === "testing")) direct = relayUdp;
  // Two devices need no server to find each other in one building.
  if (direct === "absent") direct = "unknown";
  return { direct, relayUdp, relayTcp: of("relayTcp"), relayTls: of("relayTls") };
}

export const UNTESTED: Paths = interpret([], []);

/** Long enough for a lost packet or two on a slow link: TCP, TLS and the question take five round trips. */
const PATIENCE_MS = 6_000;

type Make = (configuration: RTCConfiguration) => RTCPeerConnection;

const browsers: Make = (configuration) => new RTCPeerConnection(configuration);

/** One run of the test. It begins at once, ends by itself within seconds, and never throws. */
export class PathTest {
  readonly #paths = new Value<Paths>(UNTESTED);
  readonly #ends = new Set<() => void>();

  constructor(urls: readonly string[], make: Make = browsers) {
    const probes = probesFor(urls);
    const answers: (Answer | null)[] = probes.map(() => null);
    const tell = () => this.#paths.set(interpret(probes, answers));
    probes.forEach((probe, at) => {
      try {
        this.#ask(make(configurationOf(probe)), probe.path, (answer) => {
          answers[at] = answer;
          tell();
        });
      } catch {
        // No WebRTC here, or an address it does not understand: nothing was learnt about the network.
        answers[at] = "untold";
      }
    });
    tell();
  }

  get paths(): Watched<Paths> {
    return this.#paths;
  }

  /** Closes what is still open. */
  stop(): void {
    for (const end of [...this.#ends]) end();
  }

  #ask(connection: RTCPeerConnection, path: PathName, done: (answer: Answer) => void): void {
    const errors: number[] = [];
    const candidates: string[] = [];
    const end = () => {
      clearTimeout(timer);
      this.#ends.delete(end);
      connection.close();
    };
    const settle = (answer: Answer) => {
      if (!this.#ends.has(end)) return;
      end();
      done(answer);
    };
    const look = (over: boolean) => {
      const answer = answerOf(path, {
        errors,
        candidates,
        complete: connection.iceGatheringState === "complete",
        hears: "onicecandidateerror" in connection,
      });
      if (answer === "answered" || answer === "refused" || over) settle(answer);
    };
    const timer = setTimeout(() => look(true), PATIENCE_MS);
    this.#ends.add(end);
    connection.onicecandidateerror = (event) => {
      errors.push(event.errorCode);
      look(false);
    };
    connection.onicecandidate = ({ candidate }) => {
      if (candidate?.type) candidates.push(candidate.type);
      // The end of the candidates, not the state, is what comes after the last error.
      look(candidate === null);
    };
    connection.createDataChannel("");
    connection.setLocalDescription().catch(() => settle("untold"));
  }
}

function configurationOf({ url, path }: Probe): RTCConfiguration {
  if (path === "direct") return { iceServers: [{ urls: url }] };
  // Made up, and meant to be refused.
  return {
    iceServers: [{ urls: url, username: "path-test", credential: "none" }],
    iceTransportPolicy: "relay",
  };
}
