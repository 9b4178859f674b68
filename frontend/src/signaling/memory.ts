/** A room without a network: the protocol as the server speaks it, for tests in one process or one page. */

import { NO_MEDIA } from "../rtc/types";
import { Value, type Watched } from "../rtc/value";
import type { CommandName, EventName, LineState, SignalingPort } from "./port";
import type {
  Ack,
  AckCode,
  CallInfo,
  ChatMessage,
  ClientEvents,
  Handshake,
  LeaveReason,
  Participant,
  RefusalCode,
  Role,
  RoomState,
  ServerEvents,
} from "./protocol";

export interface Identity {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
}

const ROOM = {
  id: "00000000-0000-4000-8000-000000000001",
  state: "open",
  modality: "teleconsulta",
  starts_at: "2026-01-01T12:00:00Z",
  ends_at: "2026-01-01T13:00:00Z",
  closes_at: "2026-01-01T14:00:00Z",
  doctor_name: "Dra. Ana",
  demo: false,
} as const;

const OK = { ok: true } as const;

function no(code: AckCode): { ok: false; code: AckCode; message: string } {
  return { ok: false, code, message: code };
}

export class MemoryRoom {
  readonly #seats = new Map<string, { participant: Participant; port: MemoryPort }>();
  readonly #messages: ChatMessage[] = [];
  #version = 0;
  #call: CallInfo | null = null;
  /** Events that came from clients, in order. */
  readonly heard: { readonly from: string; readonly event: CommandName }[] = [];

  port(identity: Identity, handshake: () => Omit<Handshake, "token">): MemoryPort {
    return new MemoryPort(this, identity, handshake);
  }

  join(port: MemoryPort, { id, name, role }: Identity, handshake: Omit<Handshake, "token">): void {
    const before = this.#seats.get(id);
    const incarnation = handshake.incarnation ?? "none";
    if (before && before.port !== port) before.port.emit("session_revoked", { code: "replaced" });
    const participant: Participant = {
      id,
      name,
      role,
      state: role === "doctor" ? "admitted" : (before?.participant.state ?? "waiting"),
      media: handshake.media ?? NO_MEDIA,
      connection: "online",
      incarnation,
      since: new Date().toISOString(),
      device: handshake.device ?? null,
    };
    this.#seats.set(id, { participant, port });
    this.#version += 1;
    port.emit("room_state", this.#stateFor(participant));
    const event = before ? "participant_updated" : "participant_joined";
    this.#tell(participant, event, { version: this.#version, participant });
  }

  drop(id: string, port: MemoryPort): void {
    const seat = this.#seats.get(id);
    if (seat?.port === port) this.#change(id, { connection: "away" });
  }

  unseat(id: string, reason: LeaveReason): void {
    const seat = this.#seats.get(id);
    if (!seat) return;
    this.#seats.delete(id);
    this.#version += 1;
    const left = { version: this.#version, participant: seat.participant, reason };
    this.#tell(seat.participant, "participant_left", left);
    if (reason === "removed" || reason === "refused" || reason === "consent_withdrawn")
      seat.port.emit("session_revoked", { code: reason });
  }

  hear<E extends CommandName>(id: string, event: E, payload: ClientEvents[E]): Ack<CommandName> {
    this.heard.push({ from: id, event });
    const seat = this.#seats.get(id);
    if (!seat) return no("not_found");
    const heard = { event, payload } as {
      [K in CommandName]: { event: K; payload: ClientEvents[K] };
    }[CommandName];
    switch (heard.event) {
      case "signal": {
        const { to, ...signal } = heard.payload;
        const receiver = this.#seats.get(to);
        if (receiver?.participant.state !== "admitted") return no("not_admitted");
        return { ...OK, delivered: receiver.port.emit("signal", { from: id, ...signal }) };
      }
      case "admit":
        return this.#admit(heard.payload.participant_id);
      case "refuse":
      case "remove":
        this.unseat(heard.payload.participant_id, heard.event === "refuse" ? "refused" : "removed");
        return OK;
      case "hold":
        this.#hold(heard.payload.participant_id);
        return OK;
      case "notice":
        this.#seats.get(heard.payload.participant_id)?.port.emit("notice", {
          text: heard.payload.text,
          sent_at: new Date().toISOString(),
        });
        return OK;
      case "media_state":
        seat.participant = { ...seat.participant, media: heard.payload };
        this.#tell(seat.participant, "media_state", { from: id, ...heard.payload });
        return OK;
      case "chat_message":
        return { ...OK, message: this.#store(seat.participant, heard.payload) };
      case "call_report":
      case "trouble":
        return OK;
      case "call_end":
        this.#version += 1;
        for (const { port } of this.#seats.values()) {
          port.emit("call_ended", {
            version: this.#version,
            call: this.#call,
            reason: "ended_by_doctor",
            room_closed: true,
          });
        }
        return OK;
      case "leave":
        this.unseat(id, "left");
        return OK;
    }
  }

  #admit(id: string): Ack<CommandName> {
    const seat = this.#seats.get(id);
    if (!seat) return no("not_found");
    this.#change(id, { state: "admitted" });
    this.#call ??= { id: crypto.randomUUID(), started_at: new Date().toISOString() };
    seat.port.emit("room_state", this.#stateFor(seat.participant));
    return OK;
  }

  /** Gone for those who are in, and for the doctor here anew: nothing of before is kept. */
  #hold(id: string): void {
    const seat = this.#seats.get(id);
    if (!seat) return;
    seat.participant = { ...seat.participant, state: "waiting" };
    this.#version += 1;
    this.#call = null;
    seat.port.emit("room_state", this.#stateFor(seat.participant));
    const told = { version: this.#version, participant: seat.participant };
    for (const { participant, port } of this.#seats.values()) {
      if (participant.id === id || participant.state !== "admitted") continue;
      port.emit("participant_left", { ...told, reason: "held" });
      if (participant.role === "doctor") port.emit("participant_joined", told);
    }
  }

  #store(from: Participant, { id, text }: { id: string; text: string }): ChatMessage {
    const known = this.#messages.find((message) => message.id === id);
    if (known) return known;
    const { name, role } = from;
    const message = { id, from: from.id, name, role, text, sent_at: new Date().toISOString() };
    this.#messages.push(message);
    this.#tell(from, "chat_message", message);
    return message;
  }

  #change(id: string, change: Partial<Participant>): void {
    const seat = this.#seats.get(id);
    if (!seat) return;
    seat.participant = { ...seat.participant, ...change };
    this.#version += 1;
    const { participant } = seat;
    this.#tell(participant, "participant_updated", { version: this.#version, participant });
  }

  #sees(viewer: Participant, other: Participant): boolean {
    if (viewer.id === other.id || viewer.role === "doctor" || other.role === "doctor") return true;
    return viewer.state === "admitted" && other.state === "admitted";
  }

  #tell<E extends EventName>(about: Participant, event: E, payload: ServerEvents[E]): void {
    for (const { participant, port } of this.#seats.values()) {
      if (participant.id !== about.id && this.#sees(participant, about)) port.emit(event, payload);
    }
  }

  #stateFor(self: Participant): RoomState {
    const admitted = self.state === "admitted";
    const everybody = [...this.#seats.values()].map(({ participant }) => participant);
    return {
      version: this.#version,
      self,
      room: ROOM,
      participants: everybody.filter((other) => this.#sees(self, other)),
      call: this.#call,
      messages: admitted ? this.#messages : [],
      ice_servers: [],
      ice_expires_at: null,
      server_time: new Date().toISOString(),
      position: admitted ? null : 1,
      estimate: null,
      notice: null,
    };
  }
}

export class MemoryPort implements SignalingPort {
  readonly #state = new Value<LineState>({ is: "idle" });
  readonly #room: MemoryRoom;
  readonly #identity: Identity;
  readonly #handshake: () => Omit<Handshake, "token">;
  readonly #listeners = new Map<EventName, Set<(payload: never) => void>>();
  /** What is under way is lost when the line is cut. */
  #line = 0;

  constructor(room: MemoryRoom, identity: Identity, handshake: () => Omit<Handshake, "token">) {
    this.#room = room;
    this.#identity = identity;
    this.#handshake = handshake;
  }

  get state(): Watched<LineState> {
    return this.#state;
  }

  open(): void {
    this.#line += 1;
    this.#state.set({ is: "online" });
    this.#room.join(this, this.#identity, this.#handshake());
  }

  /** The server would not have this page any more. */
  refuse(code: RefusalCode): void {
    this.cut();
    this.#state.set({ is: "refused", refusal: { code, retryAfter: null, opensAt: null } });
  }

  /** The network is lost: nothing goes in or out until `open`. */
  cut(): void {
    this.#line += 1;
    this.#state.set({ is: "reconnecting" });
    this.#room.drop(this.#identity.id, this);
  }

  reset(): void {
    this.cut();
    this.open();
  }

  close(): void {
    if (this.#state.get().is === "closed") return;
    this.cut();
    this.#state.set({ is: "closed" });
  }

  on<E extends EventName>(event: E, listener: (payload: ServerEvents[E]) => void): () => void {
    const listeners = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  /** Delivers in order, later. False when the line is down. */
  emit<E extends EventName>(event: E, payload: ServerEvents[E]): boolean {
    if (this.#state.get().is !== "online") return false;
    const line = this.#line;
    queueMicrotask(() => {
      if (line !== this.#line) return;
      for (const listener of this.#listeners.get(event) ?? [])
        (listener as (heard: typeof payload) => void)(payload);
    });
    return true;
  }

  async send<E extends CommandName>(event: E, payload: ClientEvents[E]): Promise<Ack<E>> {
    if (this.#state.get().is !== "online") return { ok: false, code: "offline", message: "not connected" };
    return this.#room.hear(this.#identity.id, event, structuredClone(payload)) as Ack<E>;
  }
}
