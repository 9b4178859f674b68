/** The doctor's way into a room: by the signed-in account, or by a demo seat. Nothing here knows React. */
import { ApiError, codeOf } from "../../api/client";
import { patiently } from "../../api/patience";
import { renewStaff, staffSession } from "../../api/session";
import { staff } from "../../api/staff";
import type { DemoSeat } from "../../api/types";
import { type CallSession, createLocalMedia, type Outcome } from "../../call";
import { Value, type Watched } from "../../components/use-watched";
import { demoSeat } from "../call/demo-seat";
import { isReload, wasTouched } from "../call/device";
import { readMarker } from "../call/marker";
import { sitDown } from "../call/seated";

export type DoctorStep =
  | { is: "opening"; trouble: string | null }
  | { is: "lobby" }
  | { is: "call"; session: CallSession }
  | { is: "refused"; code: string }
  | { is: "signed_out" };

/** The staff token for the socket; `fresh` renews it by the cookie. Rejects with a code, or like a lost network. */
export async function staffBearer(fresh: boolean): Promise<string> {
  const session = staffSession.get();
  if (session.is === "in" && !fresh) return session.token.access_token;
  const renewed = await renewStaff(session.is === "in" ? session.token.access_token : null);
  if (renewed) return renewed.access_token;
  if (staffSession.get().is === "out") throw new ApiError({ status: 401, code: "unauthorized" });
  throw new Error("no answer to the renewal");
}

export class DoctorFlow {
  readonly #roomId: string;
  readonly #step = new Value<DoctorStep>({ is: "opening", trouble: null });
  readonly #gone = new AbortController();
  readonly media = createLocalMedia();
  #started = false;

  constructor(roomId: string) {
    this.#roomId = roomId;
  }

  get step(): Watched<DoctorStep> {
    return this.#step;
  }

  start(): void {
    if (this.#started) return;
    this.#started = true;
    void this.#open().catch((error: unknown) => this.#refuse(error));
  }

  async #open(): Promise<void> {
    const trouble = (code: string) => this.#step.set({ is: "opening", trouble: code });
    const seat = await patiently(() => demoSeat(this.#roomId, "doctor"), this.#gone.signal, trouble);
    if (seat) return this.#sitInDemo(seat);
    const returning = readMarker(this.#roomId)?.inCall === true;
    if (!(await this.#signedIn())) return;
    if (returning || wasTouched()) this.enter(returning && isReload());
    else this.#step.set({ is: "lobby" });
  }

  /** Waits for the first word on who is signed in; the network may take its time. */
  async #signedIn(): Promise<boolean> {
    if (staffSession.get().is === "in") return true;
    const trouble = (code: string) => this.#step.set({ is: "opening", trouble: code });
    const token = await patiently(
      async () => {
        const renewed = await renewStaff();
        if (!renewed && staffSession.get().is !== "out") throw new ApiError({ status: 0, code: "offline" });
        return renewed;
      },
      this.#gone.signal,
      trouble,
    );
    if (!token) this.#step.set({ is: "signed_out" });
    return token !== null;
  }

  #sitInDemo(seat: DemoSeat): void {
    void this.media.acquire({ audio: true, video: true });
    const token = async (fresh: boolean) =>
      fresh ? ((await demoSeat(this.#roomId, "doctor")) ?? seat).access_token : seat.access_token;
    this.#sit(seat.participant_id, isReload(), token, true);
  }

  /** Into the room as the signed-in doctor; after a tap, or back from a reload. */
  enter(takeOver = false): void {
    const { microphone, camera } = this.media.view.get();
    if (microphone.is === "off" && camera.is === "off") void this.media.acquire({ audio: true, video: true });
    this.#sit("", takeOver, staffBearer);
  }

  #sit(
    participantId: string,
    takeOver: boolean,
    token: (fresh: boolean) => Promise<string>,
    demo = false,
  ): void {
    const { media } = this;
    const session = sitDown({ roomId: this.#roomId, participantId, demo, media, takeOver, token });
    this.#step.set({ is: "call", session });
  }

  tryDevices(): void {
    this.media.startMeter();
    void this.media.acquire({ audio: true, video: true });
  }

  /** The socket could not carry the end: the outcome goes by REST, until the server has it. */
  reportEnd(outcome: Outcome, reason: string | undefined): void {
    const wish = { outcome, reason: reason ?? null };
    // A demo seat has no account to close the room with; its room closes by itself.
    patiently(() => staff.closeRoom(this.#roomId, wish), this.#gone.signal).catch(() => undefined);
  }

  #refuse(error: unknown): void {
    if (!this.#gone.signal.aborted) this.#step.set({ is: "refused", code: codeOf(error) });
  }

  close(): void {
    this.#gone.abort();
    const step = this.#step.get();
    if (step.is === "call") step.session.close();
    else this.media.release();
  }
}
