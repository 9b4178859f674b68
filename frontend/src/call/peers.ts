/** Everybody's media connections: made, kept, closed as the room changes; signals find theirs. */

import type { Frame } from "../rtc/channel";
import { rtcConfiguration } from "../rtc/sending";
import type { LocalTracks, Media, Signal } from "../rtc/types";
import { Value, type Watched } from "../rtc/value";
import { Inboxes } from "../signaling/inbox";
import type { LeaveReason, Participant } from "../signaling/protocol";
import { Entry, type EntryWorld } from "./entry";
import { randomToken } from "./ids";
import { isInitiator, moveFor } from "./pairing";
import type { Reported } from "./report";
import type { Roster } from "./roster";
import type { PeerView } from "./types";

const SWEEP_MS = 2_000;
/** Somebody whose seat has timed out while media still flowed is let go when it stops this long. */
const GHOST_MS = 12_000;
/** A prepared connection is made anew before its relay credentials die. */
const PREPARED_MS = 240_000;
/** How long a closing word may take to leave this machine. */
const FAREWELL_MS = 250;

export class Peers {
  readonly #world: EntryWorld;
  readonly #views = new Value<readonly PeerView[]>([]);
  readonly #entries = new Map<string, Entry>();
  readonly #inboxes = new Inboxes();
  /** Incarnations that said goodbye by their channel, before the server told us. */
  readonly #gone = new Set<string>();
  #roster: Roster | null = null;
  #sweeper: ReturnType<typeof setInterval> | null = null;
  #spare: RTCPeerConnection | null = null;

  constructor(world: Omit<EntryWorld, "onChange" | "onHopeless">) {
    this.#world = {
      ...world,
      onChange: () => this.#publish(),
      onHopeless: (id) => this.#rebuild(id),
    };
  }

  get views(): Watched<readonly PeerView[]> {
    return this.#views;
  }

  /** Brings the connections in line with the room. */
  sync(roster: Roster, left?: { readonly id: string; readonly reason: LeaveReason }): void {
    this.#roster = roster;
    this.#sweeper ??= setInterval(() => this.#sweep(), SWEEP_MS);
    for (const other of roster.others) this.#settle(roster.self, other);
    for (const [id, entry] of this.#entries) {
      if (roster.others.some((other) => other.id === id)) continue;
      const mayComeBack = left?.id !== id || left.reason === "timeout";
      if (!mayComeBack || entry.downSince !== null || entry.held) this.#close(id);
      else entry.update({ ...entry.participant, connection: "away" });
    }
    this.#warm(roster);
    this.#publish();
  }

  /** Sends the prepared offer right behind the admission, without waiting for its answer. */
  say(id: string): void {
    this.#entries.get(id)?.say();
  }

  /** The admission was refused: what was said to them is void. */
  unsay(id: string): void {
    const entry = this.#entries.get(id);
    if (!entry || entry.held || entry.downSince === null) return;
    this.#close(id);
    if (this.#roster) this.sync(this.#roster);
  }

  deliver(from: string, signal: Signal): void {
    void this.#inboxes.put(from, () => this.#receive(from, signal));
  }

  hearMedia(from: string, media: Media): void {
    this.#entries.get(from)?.hearMedia(media);
  }

  setTracks(tracks: LocalTracks): void {
    for (const entry of this.#entries.values()) entry.peer.setTracks(tracks);
  }

  /** Sends a frame to everybody whose page is ours. */
  post(frame: Frame): void {
    for (const entry of this.#entries.values()) if (entry.hears) entry.peer.post(frame);
  }

  /** Whether all of these people hear by their channel, so that the server need not carry it. */
  allHear(ids: readonly string[]): boolean {
    return ids.every((id) => this.#entries.get(id)?.hears === true);
  }

  participant(id: string): Participant | null {
    return this.#entries.get(id)?.participant ?? null;
  }

  /** They said goodbye: do not wait for the server, and do not call them back. */
  farewell(id: string): void {
    const entry = this.#entries.get(id);
    if (!entry) return;
    this.#gone.add(entry.incarnation);
    this.#close(id);
    this.#publish();
  }

  lineBack(): void {
    for (const entry of this.#entries.values()) entry.lineBack();
  }

  networkChanged(): void {
    for (const entry of this.#entries.values()) entry.networkChanged();
  }

  reports(): readonly Reported[] {
    return [...this.#entries.values()].filter((entry) => !entry.held).map((entry) => entry.report());
  }

  /** Says a last word to all, and gives it a moment to leave before everything closes. */
  async bid(frame: Frame): Promise<void> {
    this.post(frame);
    await new Promise((resolve) => setTimeout(resolve, this.#entries.size ? FAREWELL_MS : 0));
    this.close();
  }

  close(): void {
    if (this.#sweeper !== null) clearInterval(this.#sweeper);
    this.#sweeper = null;
    for (const id of [...this.#entries.keys()]) this.#close(id);
    this.#spare?.close();
    this.#spare = null;
    this.#roster = null;
    this.#views.set([]);
  }

  #settle(self: Participant, other: Participant): void {
    const entry = this.#entries.get(other.id);
    if (this.#gone.has(other.incarnation)) return;
    const standing = entry && { incarnation: entry.incarnation, held: entry.held };
    const move = moveFor(self, other, standing);
    if (move === "close" || move === "offer" || move === "prepare") this.#close(other.id);
    if (move === "offer" || move === "prepare") this.#make(other, randomToken(), true, move === "prepare");
    if (move === "keep" || move === "say") entry?.update(other);
    if (move === "say") entry?.say();
  }

  #make(participant: Participant, session: string, initiator: boolean, held: boolean): Entry {
    const spare = initiator ? null : this.#spare;
    if (spare) this.#spare = null;
    const entry = new Entry(this.#world, { participant, session, initiator, held, spare });
    this.#entries.set(participant.id, entry);
    return entry;
  }

  /** Who will be offered to has the browser's machinery started while they wait: it takes a while the first time. */
  #warm(roster: Roster): void {
    const answers = roster.others.some((other) => !isInitiator(roster.self, other));
    if (!answers || this.#spare || this.#entries.size > 0) return;
    this.#spare = new RTCPeerConnection(rtcConfiguration([]));
  }

  async #receive(from: string, signal: Signal): Promise<void> {
    const roster = this.#roster;
    const other = roster?.others.find(({ id }) => id === from);
    let entry = this.#entries.get(from);
    if (entry?.peer.session !== signal.session) {
      if (!roster || !other || signal.description?.type !== "offer") return;
      if (roster.self.state !== "admitted" || isInitiator(roster.self, other)) return;
      if (this.#gone.has(other.incarnation)) return;
      this.#close(from);
      entry = this.#make(other, signal.session, false, false);
      this.#publish();
    }
    await entry?.peer.receive(signal);
  }

  #rebuild(id: string): boolean {
    const entry = this.#entries.get(id);
    const roster = this.#roster;
    // Only the initiator can make a new session; the other side goes on trying with the old one.
    if (!entry?.initiator || !roster) return false;
    this.#close(id);
    this.sync(roster);
    return true;
  }

  #sweep(): void {
    const roster = this.#roster;
    if (!roster) return;
    const now = performance.now();
    let changed = false;
    for (const [id, entry] of this.#entries) {
      const known = roster.others.some((other) => other.id === id);
      const ghost = !known && entry.downSince !== null && now - entry.downSince > GHOST_MS;
      const stale = entry.held && now - entry.madeAt > PREPARED_MS;
      if (!ghost && !stale) continue;
      this.#close(id);
      changed = true;
    }
    if (changed) void this.#world.freshIceServers().then(() => this.#roster && this.sync(this.#roster));
  }

  #close(id: string): void {
    const entry = this.#entries.get(id);
    this.#entries.delete(id);
    entry?.close();
  }

  #publish(): void {
    const views = [...this.#entries.values()].filter((entry) => !entry.held).map((entry) => entry.view());
    const shown = this.#views.get();
    if (views.length === shown.length && views.every((view, at) => view === shown[at])) return;
    this.#views.set(views);
  }
}
