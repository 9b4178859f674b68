/** One consultation in this page: line, room, people, media and chat. No React. */

import type { Frame } from "../rtc/channel";
import type { LocalMedia } from "../rtc/types";
import { Value } from "../rtc/value";
import type { SignalingPort } from "../signaling/port";
import { type Device, type Handshake, type Outcome, PROTOCOL, type RoomState } from "../signaling/protocol";
import { Chat } from "./chat";
import { type Decisions, decisions } from "./decisions";
import type { IceServers } from "./ice";
import { randomToken, randomUuid } from "./ids";
import { onNetworkChange, signOfLife } from "./network";
import { putOut, recordEnd, WHILE_AWAY } from "./outcome";
import { OwnMedia } from "./own-media";
import { Peers } from "./peers";
import { type Reporting, reporting } from "./report";
import { fromRoomState, type Roster, withCall, withMedia } from "./roster";
import { rosterNews } from "./roster-news";
import { Shown } from "./shown";
import type { ActionResult, CallPhase, CallSession, EndCause, ServerLink } from "./types";

const LEAVE_WAIT_MS = 2_000;
const ONE_FRAME_MS = 16;

/** What a session needs from outside; the port is another one in tests. */
export interface SessionWorld {
  readonly port: SignalingPort;
  readonly ice: IceServers;
}

export class Session implements CallSession {
  readonly #shown = new Shown();
  readonly self = this.#shown.self;
  readonly room = this.#shown.room;
  readonly participants = this.#shown.participants;
  readonly waiting = this.#shown.waiting;
  readonly call = this.#shown.call;
  readonly position = this.#shown.position;
  readonly told = this.#shown.told;
  readonly withdrew = this.#shown.withdrew;
  readonly estimate = this.#shown.estimate;
  readonly notice = this.#shown.notice;
  readonly refusal = this.#shown.refusal;
  readonly phase = new Value<CallPhase>({ is: "connecting", trouble: null });
  readonly server = new Value<ServerLink>("reconnecting");
  readonly media: LocalMedia;
  readonly #world: SessionWorld;
  readonly #chat: Chat;
  readonly #peers: Peers;
  readonly #decisions: Decisions;
  readonly #own: OwnMedia;
  #roster: Roster | null = null;
  #stops: (() => void)[] = [];
  #reports: Reporting | null = null;
  #running = false;
  #drawing: ReturnType<typeof setTimeout> | null = null;
  /** Random per page load, and new after everything was released: nothing of before can be kept then. */
  #incarnation = randomToken();
  #starts = 0;

  constructor(media: LocalMedia, world: SessionWorld) {
    this.media = media;
    this.#world = world;
    const { port } = world;
    this.#own = new OwnMedia(media, port);
    this.#peers = new Peers({
      send: (to, signal) => void port.send("signal", { to, ...signal }),
      tracks: () => media.tracks.get(),
      media: () => this.#own.now,
      iceServers: () => world.ice.get(),
      freshIceServers: () => world.ice.fresh(),
      lineIsUp: signOfLife(port, () => this.#own.now),
      onFrame: (from, frame) => this.#onFrame(from, frame),
    });
    this.#decisions = decisions(port, this.#peers);
    this.#chat = new Chat({
      post: (frame) => this.#peers.post(frame),
      send: (message) => port.send("chat_message", message),
      newId: randomUuid,
    });
  }

  get peers() {
    return this.#peers.views;
  }
  get chat() {
    return this.#chat.view;
  }

  start(): void {
    if (this.#running) return;
    this.#running = true;
    this.#starts += 1;
    this.#incarnation = randomToken();
    this.#own.known(this.#own.now);
    this.#stops = [...this.#listen(), ...this.#watchPage()];
    this.phase.set({ is: "connecting", trouble: null });
    this.#world.port.open();
  }

  retry(): void {
    if (!this.#running) this.start();
  }

  /** What the next connect says. Coming back after a lost line never takes the seat from a page that took it. */
  handshake(roomId: string, takeOver: boolean, device?: Device): Omit<Handshake, "token"> {
    return {
      protocol: PROTOCOL,
      room_id: roomId,
      incarnation: this.#incarnation,
      take_over: this.#roster === null && (takeOver || this.#starts > 1),
      media: this.#own.now,
      ...(device ? { device } : {}),
    };
  }

  readonly admit = (participantId: string) => this.#decisions.admit(participantId);
  readonly refuse = (participantId: string) => this.#decisions.refuse(participantId);
  readonly remove = (participantId: string) => this.#decisions.remove(participantId);
  readonly hold = (participantId: string) => this.#decisions.hold(participantId);

  sendChat(text: string): void {
    this.#chat.write(text);
  }

  markChatRead(): void {
    this.#chat.markRead();
  }

  tell = (cause: string | null, wantsPhone: boolean): Promise<ActionResult> =>
    this.#world.port.send("trouble", { cause, wants_phone: wantsPhone });

  async end(outcome: Outcome, reason?: string): Promise<ActionResult> {
    this.#reports?.last();
    const payload = reason ? { outcome, reason } : { outcome };
    const recorded = recordEnd(this.#world.port, payload);
    this.#finish("ended_by_doctor", { t: "bye", outcome }, recorded);
    return recorded;
  }

  async leave(because: "left" | "consent_withdrawn" = "left"): Promise<ActionResult> {
    this.#reports?.last();
    const said =
      because === "left" ? this.#world.port.send("leave", {}, LEAVE_WAIT_MS) : putOut(this.#world.port);
    this.#finish(because, { t: "bye" }, said);
    return said;
  }

  close(): void {
    this.#reports?.last();
    this.#finish("left");
  }

  // -- what the server says ------------------------------------------------------------------------

  #listen(): (() => void)[] {
    const { port } = this.#world;
    return [
      port.state.subscribe(() => this.#onLine()),
      port.on("room_state", (state) => this.#onRoomState(state)),
      ...rosterNews(port, this.#shown, (change, left) => this.#change(change, left)),
      port.on("signal", ({ from, ...signal }) => this.#peers.deliver(from, signal)),
      port.on("media_state", ({ from, ...media }) => {
        this.#peers.hearMedia(from, media);
        this.#change((roster) => withMedia(roster, from, media));
      }),
      port.on("chat_message", (message) => this.#chat.fromServer(message)),
      port.on("call_ended", ({ version, reason, room_closed: closed }) => {
        if (closed) this.#finish(reason);
        else this.#change((roster) => withCall(roster, version, null));
      }),
      port.on("session_revoked", ({ code, message = null }) => {
        this.#shown.refusal.set(message);
        this.#finish(code === "replaced" ? "taken_over" : code);
      }),
    ];
  }

  #onLine(): void {
    const line = this.#world.port.state.get();
    this.server.set(line.is === "online" ? "online" : "reconnecting");
    if (line.is === "connecting" && this.#roster === null) {
      this.phase.set({ is: "connecting", trouble: line.trouble });
    }
    if (line.is !== "refused") return;
    const { refusal } = line;
    const over = this.#roster && WHILE_AWAY[refusal.code];
    if (over) this.#finish(over);
    else {
      this.#release();
      this.phase.set({ is: "refused", refusal });
    }
  }

  #onRoomState(state: RoomState): void {
    if (!this.#running) return;
    const returning = this.#roster !== null;
    this.#roster = fromRoomState(state);
    if (state.ice_servers.length) {
      const { ice_servers, ice_expires_at: expires_at, server_time } = state;
      this.#world.ice.set({ ice_servers, expires_at }, server_time);
    }
    this.#chat.begin(state.self, state.messages, state.server_time);
    this.#peers.sync(this.#roster);
    if (state.self.state === "admitted" && this.phase.get().is !== "talking") this.#showSoon();
    else this.#show(this.#roster);
    if (returning) this.#peers.lineBack();
    this.#own.known(state.self.media);
    this.#own.announce(this.#peers, this.#roster);
  }

  #change(change: (roster: Roster) => Roster, left?: Parameters<Peers["sync"]>[1]): void {
    if (!this.#roster || !this.#running) return;
    if (left) this.#shown.left(this.#roster, left);
    this.#roster = change(this.#roster);
    this.#show(this.#roster);
    this.#peers.sync(this.#roster, left);
  }

  /** Signals follow right behind an admission: answering them begins before a whole stage is drawn. */
  #showSoon(): void {
    this.#drawing ??= setTimeout(() => {
      this.#drawing = null;
      if (this.#roster) this.#show(this.#roster);
    }, ONE_FRAME_MS);
  }

  #show(roster: Roster): void {
    if (this.#drawing) return;
    this.#shown.show(roster);
    const is = roster.self.state === "waiting" ? "waiting" : "talking";
    if (this.phase.get().is !== is) this.phase.set({ is, since: roster.self.since });
  }

  // -- what the others' pages say ------------------------------------------------------------------

  #onFrame(from: string, frame: Frame): void {
    const participant = this.#peers.participant(from);
    if (!participant) return;
    if (frame.t === "chat") this.#chat.fromPeer(participant, frame);
    if (frame.t !== "bye") return;
    if (participant.role === "doctor" && frame.outcome) {
      this.#finish("ended_by_doctor");
    } else this.#peers.farewell(from);
  }

  // -- what this page says -------------------------------------------------------------------------

  #watchPage(): (() => void)[] {
    const { port, ice } = this.#world;
    const reports = reporting(
      port,
      () => this.#peers.reports(),
      () => this.call.get()?.id ?? null,
    );
    this.#reports = reports;
    return [
      this.media.tracks.subscribe(() => this.#peers.setTracks(this.media.tracks.get())),
      this.media.view.subscribe(() => this.#own.announce(this.#peers, this.#roster)),
      ice.keep(),
      onNetworkChange(() => this.#peers.networkChanged()),
      reports.stop,
    ];
  }

  // -- the end ------------------------------------------------------------------------------------

  #finish(
    because: EndCause | "taken_over",
    lastWord: Frame | null = null,
    before: Promise<unknown> = Promise.resolve(),
  ): void {
    if (!this.#running) return;
    this.#release(lastWord, before);
    this.phase.set(because === "taken_over" ? { is: "taken_over" } : { is: "ended", because });
  }

  /** Devices at once, connections after a last word, the socket when nothing more has to be said. */
  #release(lastWord: Frame | null = null, before: Promise<unknown> = Promise.resolve()): void {
    this.#running = false;
    if (this.#drawing) clearTimeout(this.#drawing);
    this.#drawing = null;
    for (const stop of this.#stops) stop();
    this.#stops = [];
    this.#chat.stop();
    this.media.release();
    this.#roster = null;
    if (lastWord) void this.#peers.bid(lastWord);
    else this.#peers.close();
    void before.then(() => {
      if (!this.#running) this.#world.port.close();
    });
    this.#shown.over();
  }
}
