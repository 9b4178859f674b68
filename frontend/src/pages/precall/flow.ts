/** An invitee's way from the link to the call, as one watched step. Nothing here knows React. */
import { ApiError, codeOf } from "../../api/client";
import { invitee } from "../../api/invitee";
import { patiently } from "../../api/patience";
import type { ConsentCreate, ConsentText, DemoSeat, InvitationPreview, SeatOut } from "../../api/types";
import { type CallSession, createLocalMedia } from "../../call";
import { wearBrand } from "../../components/brand-store";
import { Value, type Watched } from "../../components/use-watched";
import { demoSeat } from "../call/demo-seat";
import { deviceClass, isReload, wasTouched } from "../call/device";
import { readMarker, writeMarker } from "../call/marker";
import { sitDown } from "../call/seated";

export type InviteeStep =
  | { is: "opening"; trouble: string | null }
  | { is: "caller"; preview: InvitationPreview; busy: boolean; trouble: string | null }
  | { is: "prepare"; seat: SeatOut; busy: boolean; trouble: string | null }
  | { is: "call"; session: CallSession; seat: SeatOut | null }
  | { is: "refused"; code: string; opensAt: string | null };

/** Who authorises: the person, or somebody with the right to speak for them. */
export type ConsentAnswer = { by: "self" } | { by: "representative"; name: string; relationship: string };

/** Somebody may come in: by an agreement, or because the doctor did not wait for one in an emergency. */
const covered = ({ consent }: SeatOut): boolean => consent.given || consent.emergency;

type TokenSource = (fresh: boolean) => Promise<string>;

export class InviteeFlow {
  readonly #roomId: string;
  readonly #link: string | null;
  readonly #step = new Value<InviteeStep>({ is: "opening", trouble: null });
  readonly #gone = new AbortController();
  readonly media = createLocalMedia();
  #started = false;
  /** When Entrar was pressed: a server that has to wake first costs nobody their place. */
  #knockingSince: number | null = null;
  #token: TokenSource | null = null;

  constructor(roomId: string, link: string | null) {
    this.#roomId = roomId;
    this.#link = link;
  }

  /** The personal link's token, while this page has it. */
  get link(): string | null {
    return this.#link;
  }

  get step(): Watched<InviteeStep> {
    return this.#step;
  }

  /** Looks where this tab stands: a new link, a seat handed over, or a reload. */
  start(): void {
    if (this.#started) return;
    this.#started = true;
    void this.#open().catch((error: unknown) => this.#refuse(error));
  }

  async #open(): Promise<void> {
    const trouble = (code: string) => this.#step.set({ is: "opening", trouble: code });
    if (this.#link) {
      const token = this.#link;
      const preview = await patiently(() => invitee.preview(token), this.#gone.signal, trouble);
      // A good token under another room's address was put together by somebody else.
      if (preview.room.id !== this.#roomId) throw new ApiError({ status: 401, code: "invalid_link" });
      wearBrand(preview.room.brand);
      this.#step.set({ is: "caller", preview, busy: false, trouble: null });
      return;
    }
    const seated = await patiently(() => demoSeat(this.#roomId, "patient"), this.#gone.signal, trouble);
    if (seated) return this.#sitInDemo(seated);
    const marker = readMarker(this.#roomId);
    if (!marker) throw new ApiError({ status: 0, code: "missing_link" });
    const seat = await patiently(() => invitee.resume(marker.participantId), this.#gone.signal, trouble);
    wearBrand(seat.room.brand);
    if (marker.inCall && covered(seat)) await this.#rejoin(seat);
    else this.#prepare(seat);
  }

  #sitInDemo(seat: DemoSeat): void {
    void this.media.acquire({ audio: true, video: true });
    const token = async (fresh: boolean) =>
      fresh ? ((await demoSeat(this.#roomId, "patient")) ?? seat).access_token : seat.access_token;
    this.#sit(seat.participant_id, token, null, isReload(), true);
  }

  /** Back into a running call: the one case where devices start without a touch. */
  async #rejoin(seat: SeatOut): Promise<void> {
    void this.media.acquire({ audio: true, video: true });
    this.#sit(seat.participant.id, this.#tokenOf(seat), seat, isReload());
  }

  /** The person pressed Continuar: the link is redeemed and the devices are tried. */
  async continue(): Promise<void> {
    const step = this.#step.get();
    const token = this.#link;
    if (step.is !== "caller" || step.busy || !token) return;
    this.#step.set({ ...step, busy: true, trouble: null });
    const trouble = (code: string) => this.#step.set({ ...step, busy: true, trouble: code });
    try {
      const seat = await patiently(() => invitee.redeem(token), this.#gone.signal, trouble);
      this.#prepare(seat);
      if (wasTouched()) void this.tryDevices();
    } catch (error) {
      this.#refuse(error);
    }
  }

  #prepare(seat: SeatOut): void {
    writeMarker({ roomId: this.#roomId, participantId: seat.participant.id, inCall: false, demo: false });
    this.#token = this.#tokenOf(seat);
    this.#step.set({ is: "prepare", seat, busy: false, trouble: null });
  }

  /** Takes the agreement back. Rejects with a code when the server does not know of it then. */
  async withdraw(): Promise<void> {
    const token = this.#token;
    if (!token) return;
    try {
      await invitee.withdraw(await token(false));
    } catch (error) {
      if (codeOf(error) !== "expired") throw error;
      await invitee.withdraw(await token(true));
    }
    const step = this.#step.get();
    if (step.is === "call") void step.session.leave("consent_withdrawn");
    if (step.is === "prepare") this.#prepare(await this.#again(step.seat.participant.id));
  }

  /** Without an agreement: has the doctor let the patient come all the same? */
  async askForEmergency(): Promise<void> {
    const step = this.#step.get();
    if (step.is !== "prepare" || step.busy) return;
    const seat = await this.#again(step.seat.participant.id).catch(() => null);
    if (seat?.consent.emergency && this.#step.get() === step) this.#prepare(seat);
  }

  async tryDevices(): Promise<void> {
    this.media.startMeter();
    await this.media.acquire({ audio: true, video: true });
  }

  /** The person pressed Entrar na consulta. `answer` to `text` is null when consent is already on record. */
  async enter(answer: ConsentAnswer | null, text: ConsentText): Promise<void> {
    const step = this.#step.get();
    if (step.is !== "prepare" || step.busy) return;
    const { seat } = step;
    this.#knockingSince = performance.now();
    this.#step.set({ ...step, busy: true, trouble: null });
    const { microphone, camera } = this.media.view.get();
    if (microphone.is === "off" && camera.is === "off") void this.media.acquire({ audio: true, video: true });
    const trouble = (code: string) => this.#step.set({ ...step, busy: true, trouble: code });
    try {
      if (answer) {
        const consent = consentOf(answer, text);
        await patiently(() => invitee.consent(seat.access_token, consent), this.#gone.signal, trouble);
      }
      this.#sit(seat.participant.id, this.#tokenOf(seat), seat, false);
    } catch (error) {
      await this.#unsettled(seat, error);
    }
  }

  /** Consent was not taken: with a newer text, or an access that has to be renewed, the person stays here. */
  async #unsettled(seat: SeatOut, error: unknown): Promise<void> {
    const code = codeOf(error);
    if (code !== "consent_outdated" && code !== "expired") return this.#refuse(error);
    try {
      const renewed = await patiently(() => this.#again(seat.participant.id), this.#gone.signal);
      this.#step.set({
        is: "prepare",
        seat: renewed,
        busy: false,
        trouble: code === "expired" ? null : code,
      });
    } catch (again) {
      this.#refuse(again);
    }
  }

  #tokenOf(seat: SeatOut): TokenSource {
    return async (fresh) =>
      fresh ? (await this.#again(seat.participant.id)).access_token : seat.access_token;
  }

  /** The seat anew, by its cookie; in a browser that keeps none of another site's, by the link. */
  async #again(participantId: string): Promise<SeatOut> {
    try {
      return await invitee.resume(participantId);
    } catch (error) {
      if (!this.#link || codeOf(error) !== "unauthorized") throw error;
      return invitee.redeem(this.#link);
    }
  }

  #sit(
    participantId: string,
    token: TokenSource,
    seat: SeatOut | null,
    takeOver: boolean,
    demo = false,
  ): void {
    const { media } = this;
    this.#token = token;
    const knockingSince = this.#knockingSince ?? performance.now();
    this.#knockingSince = null;
    const session = sitDown({
      roomId: this.#roomId,
      participantId,
      demo,
      media,
      takeOver,
      token,
      knockingSince,
    });
    this.#step.set({ is: "call", session, seat });
  }

  /** From a refusal back to the beginning: the words promised that trying again makes sense. */
  again(): void {
    this.#step.set({ is: "opening", trouble: null });
    void this.#open().catch((error: unknown) => this.#refuse(error));
  }

  #refuse(error: unknown): void {
    if (this.#gone.signal.aborted) return;
    const opensAt = error instanceof ApiError ? (error.problem.opens_at ?? null) : null;
    this.#step.set({ is: "refused", code: codeOf(error), opensAt });
  }

  /** The page goes away. */
  close(): void {
    this.#gone.abort();
    const step = this.#step.get();
    if (step.is === "call") step.session.close();
    else this.media.release();
  }
}

/** An answer to this text as the server wants it. */
export function consentOf(answer: ConsentAnswer, text: ConsentText): ConsentCreate {
  const { version, sha256, language } = text;
  const common = { version, sha256, language, device: deviceClass() };
  if (answer.by === "self") return { ...common, given_by: "self" };
  const { name, relationship } = answer;
  return { ...common, given_by: "representative", representative: { name, relationship } };
}
