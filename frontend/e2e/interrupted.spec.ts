/**
 * What happens to devices in a call. A browser on a test's machine has no telephone and no plug, so the events are
 * dispatched on the real tracks; what the page then does, it does with real devices and a real connection.
 */
import type { Person } from "./support/person.ts";
import { meet } from "./support/steps.ts";
import { expect, test, words } from "./support/test.ts";

/** The person looks away, or at the page again. */
async function look(person: Person, state: "visible" | "hidden"): Promise<void> {
  await person.page.evaluate((visibility) => {
    Object.defineProperty(document, "visibilityState", { configurable: true, get: () => visibility });
    document.dispatchEvent(new Event("visibilitychange"));
  }, state);
}

/** A telephone call takes the microphone: the track is silent as long as it lasts, or over for good. */
async function takeMicrophone(person: Person, how: "mute" | "ended"): Promise<void> {
  await person.page.evaluate((event) => {
    for (const track of window.seen.tracks) {
      if (track.kind !== "audio" || track.readyState !== "live") continue;
      if (event === "ended") track.stop();
      else Object.defineProperty(track, "muted", { value: true });
      track.dispatchEvent(new Event(event));
    }
  }, how);
}

/** Another program has the microphone until `person` is given it back. */
async function refuseMicrophone(person: Person, refused: boolean): Promise<void> {
  await person.page.evaluate((no) => {
    const own = MediaDevices.prototype.getUserMedia;
    navigator.mediaDevices.getUserMedia = (wish) =>
      no && wish?.audio
        ? Promise.reject(new DOMException("Could not start audio source", "NotReadableError"))
        : own.call(navigator.mediaDevices, wish);
  }, refused);
}

/** The camera is pulled out, or plugged in again. */
async function camera(person: Person, plugged: boolean): Promise<void> {
  await person.page.evaluate((isHere) => {
    const own = MediaDevices.prototype.enumerateDevices;
    navigator.mediaDevices.enumerateDevices = async () => {
      const all = await own.call(navigator.mediaDevices);
      return isHere ? all : all.filter(({ kind }) => kind !== "videoinput");
    };
    if (!isHere)
      for (const track of window.seen.tracks) {
        if (track.kind !== "video" || track.readyState !== "live") continue;
        track.stop();
        track.dispatchEvent(new Event("ended"));
      }
    navigator.mediaDevices.dispatchEvent(new Event("devicechange"));
  }, plugged);
}

const microphoneOff = (person: Person) => person.page.getByText(words["call.mark.mic_off"]).first();

test("a telephone call in between is said on both sides, and the microphone comes back", async ({
  doctor,
  patient,
  server,
  clinic,
}) => {
  const { room } = await meet(doctor, patient, server, clinic);
  const before = await clinic.callOf(room, "open");
  await look(patient, "hidden");
  await takeMicrophone(patient, "mute");
  await expect(patient.page.getByText(words["call.interrupted"])).toBeVisible();
  await expect(microphoneOff(doctor)).toBeAttached();
  await doctor.media.receives({ sound: false });

  await look(patient, "visible");
  await expect(patient.page.getByText(words["call.interrupted"])).toHaveCount(0);
  await expect(microphoneOff(doctor)).toHaveCount(0);
  await Promise.all([doctor.media.receives(), patient.media.receives()]);
  expect((await clinic.callOf(room, "open")).id).toBe(before.id);
});

test("a telephone call that ends the microphone's track costs the sound only as long as it lasts", async ({
  doctor,
  patient,
  server,
  clinic,
}) => {
  await meet(doctor, patient, server, clinic);
  await refuseMicrophone(patient, true);
  await takeMicrophone(patient, "ended");
  await expect(patient.page.getByText(words["media.microphone_busy"])).toBeVisible();
  await doctor.media.receives({ sound: false });
  await refuseMicrophone(patient, false);
  await look(patient, "visible");
  await expect(patient.page.getByText(words["media.microphone_busy"])).toHaveCount(0);
  await Promise.all([doctor.media.receives(), patient.media.receives()]);
});

test("a camera that is pulled out is named with the next step, and comes back when plugged in", async ({
  doctor,
  patient,
  server,
  clinic,
}) => {
  const { room } = await meet(doctor, patient, server, clinic);
  await camera(patient, false);
  await expect(patient.page.getByText(words["media.device_lost"])).toBeVisible();
  await expect(patient.page.getByText(words["media.device_lost.next"])).toBeVisible();
  await expect(doctor.page.getByText(words["call.mark.camera_off"]).first()).toBeAttached();
  await Promise.all([doctor.media.receives({ picture: false }), patient.media.receives()]);

  await camera(patient, true);
  await expect(patient.page.getByText(words["media.device_lost"])).toHaveCount(0);
  await Promise.all([doctor.media.receives(), patient.media.receives()]);
  await clinic.callOf(room, "open");
});

test("a microphone that is pulled out is replaced by another one", async ({
  doctor,
  patient,
  server,
  clinic,
}) => {
  await meet(doctor, patient, server, clinic);
  await takeMicrophone(patient, "ended");
  await Promise.all([doctor.media.receives(), patient.media.receives()]);
  await expect(microphoneOff(doctor)).toHaveCount(0);
});
