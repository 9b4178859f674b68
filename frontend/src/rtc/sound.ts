/**
 * How sound is sent, as the words of a session description. Pure.
 *
 * A browser sends as the other side's description asks it to. So our own sending is steered by what we tell our browser
 * that the other side said: nothing of it travels, the other side need not agree, and no local description is rewritten.
 * (RFC 7587 for Opus, RFC 2198 for redundancy, RFC 4585 for NACK.)
 */

export type SoundRate =
  /** As the browser likes it: about 32 kbit/s in packets of 20 ms. */
  | "full"
  /** 16 kbit/s in packets of 40 ms: 28 kbit/s on the wire. */
  | "lean"
  /** 12 kbit/s in packets of 60 ms, next to nothing in pauses: 20 kbit/s on the wire, of which 8 are headers. */
  | "thin";

export interface Sound {
  readonly rate: SoundRate;
  /** Each packet repeats the one before (RED): what is lost alone is not missed, for half as much again. */
  readonly redundant: boolean;
  /** Lost packets are asked for again (NACK), as browsers do only when both say so. */
  readonly repeats: boolean;
}

export const FULL_SOUND: Sound = { rate: "full", redundant: false, repeats: true };

export function sameSound(a: Sound, b: Sound): boolean {
  return a.rate === b.rate && a.redundant === b.redundant && a.repeats === b.repeats;
}

const RATES: Record<SoundRate, { readonly fmtp: readonly string[]; readonly ptime: number | null }> = {
  full: { fmtp: [], ptime: null },
  lean: { fmtp: ["maxaveragebitrate=16000"], ptime: 40 },
  thin: { fmtp: ["maxaveragebitrate=12000", "usedtx=1"], ptime: 60 },
};

/** The description's parts: what stands before the first medium, then the media. */
function media(sdp: string): string[] {
  return sdp.split(/(?=^m=)/m);
}

function payload(section: string, name: string): string | null {
  return new RegExp(`^a=rtpmap:(\\d+) ${name}/48000`, "im").exec(section)?.[1] ?? null;
}

/** A format's parameters with ours in the place of theirs. */
function withParameters(theirs: string, ours: readonly string[]): string {
  const named = (one: string) => one.trim().split("=")[0];
  const others = theirs.split(";").filter((one) => !ours.some((other) => named(other) === named(one)));
  return [...others, ...ours].join(";");
}

/** The section with its packet time; a browser that reads two of them may believe either. */
function withPtime(section: string, ptime: number): string {
  const rest = section.replace(/^a=ptime:.*(\r?\n)?/gm, "");
  return `${rest}${rest.endsWith("\n") ? "" : "\r\n"}a=ptime:${ptime}\r\n`;
}

/** Their description of sound as it has to be so that we send like this. */
function heardAudio(section: string, sound: Sound): string {
  const opus = payload(section, "opus");
  if (opus === null) return section;
  const red = payload(section, "red");
  const { fmtp, ptime } = RATES[sound.rate];
  const first = sound.redundant && red !== null ? [red, opus] : [opus];
  let told = section.replace(
    /^(m=audio \S+ \S+) (.*?)(\r?\n)/,
    (_, begin: string, all: string, end: string) => {
      const rest = all.split(" ").filter((one) => !first.includes(one));
      return `${begin} ${[...first, ...rest].join(" ")}${end}`;
    },
  );
  told = told.replace(new RegExp(`^a=rtcp-fb:${opus} nack\\r?\\n`, "m"), "");
  if (sound.repeats)
    told = told.replace(new RegExp(`^a=rtpmap:${opus} .*(\\r?\\n)`, "m"), `$&a=rtcp-fb:${opus} nack$1`);
  told = told.replace(
    new RegExp(`^(a=fmtp:${opus} )(.*)`, "m"),
    (_, begin: string, theirs: string) => begin + withParameters(theirs, fmtp),
  );
  return ptime === null ? told : withPtime(told, ptime);
}

/** The other side's description, as our browser is told it. What it does not understand stays as it is. */
export function heard(sdp: string, sound: Sound): string {
  return media(sdp)
    .map((section) => (section.startsWith("m=audio") ? heardAudio(section, sound) : section))
    .join("");
}

/** Their description with no word that lost pictures may be asked for again; whole ones still may. */
export function withoutRepeats(sdp: string): string {
  return media(sdp)
    .map((section) =>
      section.startsWith("m=video") ? section.replace(/^a=rtcp-fb:\d+ nack\r?\n/gm, "") : section,
    )
    .join("");
}

export type Setup = "active" | "passive";

/** Who begins the DTLS handshake, by a side's answer; null in an offer, which leaves it open. */
export function setupOf(sdp: string | undefined): Setup | null {
  const word = /^a=setup:(active|passive)\b/m.exec(sdp ?? "")?.[1];
  return word === "active" || word === "passive" ? word : null;
}

export function opposite(setup: Setup): Setup {
  return setup === "active" ? "passive" : "active";
}

const DIRECTION = /^a=(sendrecv|sendonly|recvonly|inactive)\b/m;

function pictureDirection(sdp: string | undefined): string {
  const video = media(sdp ?? "").find((section) => section.startsWith("m=video"));
  return DIRECTION.exec(video ?? "")?.[1] ?? "";
}

/** Whether the side that said this takes a picture. */
export function takesPicture(sdp: string): boolean {
  return ["sendrecv", "recvonly"].includes(pictureDirection(sdp));
}

/** Whether the side that said this sends a picture. */
export function sendsPicture(sdp: string | undefined): boolean {
  return ["sendrecv", "sendonly"].includes(pictureDirection(sdp));
}

/**
 * What they would answer if we offered the same again, with our picture or without: for settling with our own browser
 * what changes nothing for them. `setup` is their part in the DTLS handshake, which stands.
 */
export function asAnswer(sdp: string, setup: Setup, picture: boolean): string {
  return media(sdp.replace(/^a=setup:\w+/gm, `a=setup:${setup}`))
    .map((section) => {
      if (picture || !section.startsWith("m=video")) return section;
      return section.replace(DIRECTION, (_, direction: string) =>
        direction === "sendrecv" || direction === "sendonly" ? "a=sendonly" : "a=inactive",
      );
    })
    .join("");
}
