import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { ConsentText, InvitationPreview, SeatOut } from "../src/api/types";
import { admit, doctorEnters, endConsultation, farewell } from "./support/steps.ts";
import { expect, test } from "./support/test.ts";

const packages = createRequire(import.meta.url);
const simplePeer = packages.resolve("simple-peer/simplepeer.min.js");
const socketClient = join(
  dirname(packages.resolve("socket.io-client/package.json")),
  "dist/socket.io.min.js",
);

/** The adapter of docs/protocol.md, and around it what any client needs: devices, a socket, a picture. */
const ADAPTER = `
window.takePart = async ({ token, roomId }) => {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: true });
  const socket = io({ transports: ["websocket"], auth: { token, room_id: roomId, protocol: 1 } });
  const peer = new SimplePeer({ initiator: false, stream });
  let from, session;
  socket.on("signal", (m) => { session = m.session; from = m.from; if (m.description) peer.signal(m.description);
    for (const candidate of m.candidates ?? []) peer.signal({ type: "candidate", candidate }); });
  peer.on("signal", (d) => socket.emit("signal", d.type === "candidate" ? { to: from, session, candidates: [d.candidate] }
    : { to: from, session, description: { type: d.type, sdp: d.sdp } }));
  peer.on("stream", (remote) => {
    const video = Object.assign(document.createElement("video"), { autoplay: true, srcObject: remote });
    document.body.replaceChildren(video);
  });
  socket.on("connect_error", (refusal) => console.error(refusal.message, JSON.stringify(refusal.data)));
  socket.on("call_ended", () => { document.title = "over"; peer.destroy(); });
};`;

test("an unmodified simple-peer client takes part in a consultation", async ({
  doctor,
  patient,
  server,
  clinic,
}) => {
  const consultation = await clinic.consultation();
  // Any page of our address will do: the guest's scripts come from the packages as they are.
  await patient.page.goto("/outro-cliente");
  for (const file of [simplePeer, socketClient]) await patient.page.evaluate(readFileSync(file, "utf8"));
  await patient.page.evaluate(ADAPTER);

  const seat = await test.step("the link is redeemed and consent is given by REST", async () => {
    const post = async <T>(path: string, data: unknown, token?: string): Promise<T> => {
      const headers = { "X-Teleconsulta": "1", ...(token && { Authorization: `Bearer ${token}` }) };
      const answer = await patient.context.request.post(`/api${path}`, { data, headers });
      expect(answer.ok(), await answer.text()).toBe(true);
      return answer.json();
    };
    const link = { token: new URL(consultation.link).hash.slice(1) };
    const { consent } = await post<InvitationPreview>("/invitations/preview", link);
    const { version, sha256, language }: ConsentText = consent;
    const given = await post<SeatOut>("/invitations/redeem", link);
    await post("/consents", { version, sha256, language, given_by: "self" }, given.access_token);
    return { token: given.access_token, roomId: given.room.id };
  });

  await doctorEnters(doctor, server, consultation);
  await patient.page.evaluate((given) => (window as unknown as Guest).takePart(given), seat);
  await admit(doctor);
  await Promise.all([doctor.media.receives(), patient.media.receives()]);
  await endConsultation(doctor);
  await expect(farewell(doctor.page)).toBeVisible();
  await expect(patient.page).toHaveTitle("over");
  expect(await clinic.callOf(consultation.room, "ended")).toMatchObject({ outcome: "completed" });
});

interface Guest {
  takePart(given: { token: string; roomId: string }): Promise<void>;
}
