/** What goes wrong on a patient's side, one thing at a time, as the browser would have it. */
import type { BrowserContext, BrowserContextOptions, Page } from "@playwright/test";
import type { Cause } from "../../src/api/types.ts";
import { type Clinic, type Consultation, someone } from "./clinic.ts";
import { DOCTOR, type Server } from "./server.ts";
import { comeIn } from "./steps.ts";

export interface Scene {
  readonly clinic: Clinic;
  readonly server: Server;
  readonly context: BrowserContext;
  readonly page: Page;
  readonly consultation: Consultation;
}

export interface Fault {
  readonly cause: Cause;
  readonly browser?: BrowserContextOptions;
  /** Later today instead of now. */
  readonly ahead?: boolean;
  /** Before anybody comes, as it keeps this whole process waiting. */
  first?(server: Server, consultation: Consultation): void;
  /** Before the page is opened. */
  before?(scene: Scene): Promise<unknown>;
  /** After Continuar was pressed. */
  after?(scene: Scene): Promise<unknown>;
  /** The link itself says it: there is no Continuar. */
  readonly closed?: boolean;
}

const IN_APP =
  "Mozilla/5.0 (Linux; Android 14; SM-A155M; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/126.0 Mobile Safari/537.36 [FB_IAB/FB4A;FBAV/468.0]";

/** `getUserMedia` rejects with this error of the browser's for the named devices. */
function refuses(cause: Cause, name: string, message: string, devices = ["audio", "video"]): Fault {
  return {
    cause,
    before: ({ context }) =>
      context.addInitScript(
        ([errorName, text, wanted]) => {
          const own = MediaDevices.prototype.getUserMedia;
          MediaDevices.prototype.getUserMedia = function (wish) {
            if (wanted.some((kind) => wish?.[kind as "audio" | "video"]))
              return Promise.reject(new DOMException(text, errorName));
            return own.call(this, wish);
          };
        },
        [name, message, devices] as const,
      ),
  };
}

/** The relays of the clinic as this network lets one see them: the code of each answer, null for none at all. */
function relays(cause: Cause, codes: { udp: number; tcp: number; tls: number }): Fault {
  const urls = [
    "turn:relay.example:3478?transport=udp",
    "turn:relay.example:3478?transport=tcp",
    "turns:relay.example:5349?transport=tcp",
  ];
  return {
    cause,
    before: async ({ context }) => {
      await context.route("**/api/invitations/redeem", async (route) => {
        const answer = await route.fetch();
        await route.fulfill({ response: answer, json: { ...(await answer.json()), ice_urls: urls } });
      });
      await context.addInitScript(({ udp, tcp, tls }) => {
        const codeOf = (url: string) =>
          url.startsWith("turns:") ? tls : url.includes("transport=tcp") ? tcp : udp;
        class Relayed extends EventTarget {
          onicecandidateerror: ((event: unknown) => void) | null = null;
          onicecandidate: ((event: unknown) => void) | null = null;
          iceGatheringState = "complete";
          readonly url: string;
          constructor({ iceServers = [] }: RTCConfiguration = {}) {
            super();
            this.url = String(iceServers[0]?.urls ?? "");
          }
          createDataChannel() {}
          close() {}
          async setLocalDescription() {
            setTimeout(() => {
              this.onicecandidateerror?.({ errorCode: codeOf(this.url) });
              this.onicecandidate?.({ candidate: null });
            });
          }
        }
        Object.assign(window, { RTCPeerConnection: Relayed });
      }, codes);
    },
  };
}

const script =
  (work: () => void) =>
  ({ context }: Scene) =>
    context.addInitScript(work);

export const FAULTS: readonly Fault[] = [
  refuses("permission_denied", "NotAllowedError", "Permission denied"),
  refuses("permission_dismissed", "NotAllowedError", "Permission dismissed"),
  refuses("permission_denied_by_system", "NotAllowedError", "Permission denied by system"),
  refuses("camera_busy", "NotReadableError", "Could not start video source", ["video"]),
  refuses("microphone_busy", "NotReadableError", "Could not start audio source", ["audio"]),
  refuses("no_device", "NotFoundError", "Requested device not found"),
  refuses("unsuitable_device", "OverconstrainedError", "width", ["video"]),
  refuses("device_failed", "TypeError", "something of the browser's own"),
  { ...refuses("in_app_browser", "NotAllowedError", "Permission denied"), browser: { userAgent: IN_APP } },
  {
    cause: "insecure_origin",
    before: script(() => Object.defineProperty(window, "isSecureContext", { value: false })),
  },
  {
    cause: "unsupported_browser",
    before: script(() => Object.defineProperty(MediaDevices.prototype, "getUserMedia", { value: undefined })),
  },
  {
    cause: "device_lost",
    before: script(() => {
      const own = MediaDevices.prototype.getUserMedia;
      MediaDevices.prototype.getUserMedia = async function (wish) {
        const stream = await own.call(this, wish);
        setTimeout(() => {
          const [track] = stream.getVideoTracks();
          track?.stop();
          track?.dispatchEvent(new Event("ended"));
        }, 300);
        MediaDevices.prototype.getUserMedia = () =>
          Promise.reject(new DOMException("Requested device not found", "NotFoundError"));
        return stream;
      };
    }),
  },
  {
    cause: "silent_microphone",
    before: script(() => {
      const own = MediaDevices.prototype.getUserMedia;
      MediaDevices.prototype.getUserMedia = async function (wish) {
        const stream = await own.call(this, wish);
        for (const track of stream.getAudioTracks()) {
          track.stop();
          stream.removeTrack(track);
        }
        if (wish?.audio) {
          const [mute] = new AudioContext().createMediaStreamDestination().stream.getAudioTracks();
          if (mute) stream.addTrack(mute);
        }
        return stream;
      };
    }),
  },
  {
    cause: "clock_skew",
    before: script(() => {
      const real = Date.now;
      Date.now = () => real() + 3_600_000;
    }),
  },
  relays("udp_blocked", { udp: 701, tcp: 401, tls: 401 }),
  relays("relay_unreachable", { udp: 701, tcp: 701, tls: 701 }),
  relays("relay_refused", { udp: 403, tcp: 486, tls: 403 }),
  {
    cause: "websocket_blocked",
    before: ({ context }) => context.routeWebSocket(/\/socket\.io\//, (socket) => void socket.close()),
    after: ({ page }) => pressOn(page),
  },
  {
    cause: "offline",
    after: async ({ context, page }) => {
      await comeIn(page);
      // What stands beside the screens comes a moment after the person has: before the network goes.
      await page.waitForFunction(() => {
        const came = performance.getEntriesByType("resource").map(({ name }) => name);
        return came.filter((name) => /\/(watch|words|readiness)-[^/]*\.js$/.test(name)).length >= 4;
      });
      await context.setOffline(true);
    },
  },
  { cause: "too_early", ahead: true },
  {
    cause: "expired",
    closed: true,
    first: (server, { room }) =>
      server.sql(
        `UPDATE rooms SET during = tstzrange(now() - interval '3 hours', now() - interval '2 hours') WHERE id = '${room.id}'`,
      ),
  },
  {
    cause: "revoked",
    closed: true,
    before: ({ clinic, consultation }) =>
      clinic.as(DOCTOR.email, "DELETE", `/invitations/${consultation.invitation.id}`),
  },
  {
    cause: "room_closed",
    closed: true,
    before: ({ clinic, consultation: { room } }) =>
      clinic.doctor("POST", `/rooms/${room.id}/close`, { outcome: "completed" }),
  },
  {
    cause: "seat_taken",
    after: async ({ context, page, consultation }) => {
      await comeIn(page);
      const other = await context.newPage();
      await other.goto(consultation.link);
      await other.getByRole("button", { name: "Continuar" }).click();
      await other.getByRole("button", { name: "Entrar na consulta" }).click();
      await other.getByRole("button", { name: "Continuar aqui" }).click();
    },
  },
];

/** From the last step on, without waiting for what the fault keeps away. */
async function pressOn(page: Page): Promise<void> {
  await page.getByRole("checkbox", { name: /^Autorizo (?!em nome)/ }).check();
  await page.getByRole("button", { name: "Entrar na consulta" }).click();
}

/** Far enough ahead to be too early. */
const AHEAD_MS = 3 * 3_600_000;

export function consultationFor(clinic: Clinic, fault: Fault): Promise<Consultation> {
  const ahead = fault.ahead ? { starts_at: new Date(Date.now() + AHEAD_MS).toISOString() } : {};
  return clinic.consultation(ahead, someone(`Falha ${fault.cause}`));
}
