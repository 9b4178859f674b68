/** From a doctor's address to a seat, as one watched step. Nothing here knows React. */
import { ApiError, codeOf } from "../../api/client";
import { patiently } from "../../api/patience";
import type { ConsentText, StandingRoomOut } from "../../api/types";
import { visitor } from "../../api/visitor";
import { createLocalMedia } from "../../call";
import { Value, type Watched } from "../../components/use-watched";
import type { Language } from "../../i18n";
import { hereZone } from "../../i18n/format";
import { writeMarker } from "../call/marker";
import { type ConsentAnswer, consentOf } from "../precall/flow";

export type VisitStep =
  | { is: "opening"; trouble: string | null }
  | { is: "closed"; room: StandingRoomOut }
  | { is: "name"; room: StandingRoomOut }
  | { is: "prepare"; room: StandingRoomOut; name: string; busy: boolean; trouble: string | null }
  /** Seated: the rest of the way is that of everybody with a link. */
  | { is: "seated"; roomId: string }
  | { is: "refused"; code: string };

export class VisitFlow {
  readonly #slug: string;
  readonly #language: Language;
  readonly #step = new Value<VisitStep>({ is: "opening", trouble: null });
  readonly #gone = new AbortController();
  readonly media = createLocalMedia();

  constructor(slug: string, language: Language) {
    this.#slug = slug;
    this.#language = language;
  }

  get step(): Watched<VisitStep> {
    return this.#step;
  }

  /** Looks whether somebody is received here; also again, after a closed door. */
  async look(): Promise<void> {
    this.#step.set({ is: "opening", trouble: null });
    const trouble = (code: string) => this.#step.set({ is: "opening", trouble: code });
    try {
      const ask = () => visitor.room(this.#slug, this.#language);
      const room = await patiently(ask, this.#gone.signal, trouble);
      this.#step.set({ is: room.open ? "name" : "closed", room });
    } catch (error) {
      this.#refuse(error);
    }
  }

  /** The person said who they are. */
  introduce(name: string): void {
    const step = this.#step.get();
    if (step.is !== "name") return;
    this.#step.set({ is: "prepare", room: step.room, name, busy: false, trouble: null });
    void this.tryDevices();
  }

  async tryDevices(): Promise<void> {
    this.media.startMeter();
    await this.media.acquire({ audio: true, video: true });
  }

  /** The person pressed Entrar na consulta: only now is anything made on the server. */
  async enter(answer: ConsentAnswer, text: ConsentText): Promise<void> {
    const step = this.#step.get();
    if (step.is !== "prepare" || step.busy) return;
    this.#step.set({ ...step, busy: true, trouble: null });
    const trouble = (code: string) => this.#step.set({ ...step, busy: true, trouble: code });
    try {
      const wish = { name: step.name, consent: consentOf(answer, text), time_zone: hereZone() };
      const seat = await patiently(() => visitor.visit(this.#slug, wish), this.#gone.signal, trouble);
      const { room, participant } = seat;
      // As after a reload in the waiting room: the page of the link comes back to the seat by its cookie.
      writeMarker({ roomId: room.id, participantId: participant.id, inCall: true, demo: false });
      this.media.release();
      this.#step.set({ is: "seated", roomId: room.id });
    } catch (error) {
      await this.#unsettled(step, error);
    }
  }

  async #unsettled(step: Extract<VisitStep, { is: "prepare" }>, error: unknown): Promise<void> {
    if (codeOf(error) === "standing_room_closed") return this.look();
    if (codeOf(error) !== "consent_outdated") return this.#refuse(error);
    try {
      const ask = () => visitor.room(this.#slug, this.#language);
      const room = await patiently(ask, this.#gone.signal);
      this.#step.set({ ...step, room, busy: false, trouble: "consent_outdated" });
    } catch (again) {
      this.#refuse(again);
    }
  }

  #refuse(error: unknown): void {
    if (this.#gone.signal.aborted) return;
    this.media.release();
    this.#step.set({ is: "refused", code: error instanceof ApiError ? error.code : "unknown" });
  }

  /** The page goes away. */
  close(): void {
    this.#gone.abort();
    this.media.release();
  }
}
