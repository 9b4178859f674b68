import { chromium } from "@playwright/test";
import { FAKE_CONSENT, FAKE_DEVICES, launchOptions } from "./support/chromium.ts";
import { Person } from "./support/person.ts";
import { admit, comeIn, doctorEnters, prepare } from "./support/steps.ts";
import { expect, test, words } from "./support/test.ts";

/** A refusal of the browser, where no real one can be had: another program holds the camera. */
async function makeBusy(person: Person): Promise<void> {
  await person.context.addInitScript(() => {
    const own = MediaDevices.prototype.getUserMedia;
    MediaDevices.prototype.getUserMedia = function (this: MediaDevices, wish?: MediaStreamConstraints) {
      if (wish?.video)
        return Promise.reject(new DOMException("Could not start video source", "NotReadableError"));
      return own.call(this, wish);
    };
  });
}

test.describe("devices that do not work", () => {
  const real = [
    {
      says: "a browser that denies everything says so with a remedy, and one can listen",
      arguments: [FAKE_DEVICES, `${FAKE_CONSENT}=deny`],
      cause: "permission_denied",
    },
    {
      says: "a machine without camera and microphone says so with a remedy, and one can listen",
      arguments: [FAKE_CONSENT],
      cause: "no_device",
    },
  ] as const;

  for (const { says, arguments: given, cause } of real) {
    test(says, async ({ doctor, server, clinic }) => {
      const consultation = await clinic.consultation();
      const browser = await chromium.launch(launchOptions(given));
      try {
        const patient = await Person.arrive(browser, server.origin, { locale: "pt-BR" });
        await prepare(patient.page, consultation.link);
        await expect(patient.page.getByText(words[`media.${cause}`]).first()).toBeVisible();
        await expect(patient.page.getByText(words[`media.${cause}.next`]).first()).toBeVisible();
        await expect(
          patient.page.getByRole("button", { name: words["equipment.listen_only"] }),
        ).toBeVisible();
        await Promise.all([comeIn(patient.page), doctorEnters(doctor, server, consultation)]);
        await admit(doctor);
        await patient.media.receives();
        expect(await patient.media.alive()).toMatchObject({ tracks: 0 });
        expect(patient.crashes).toEqual([]);
      } finally {
        await browser.close();
      }
    });
  }

  test("a camera that another program holds is named, and the sound goes alone", async ({
    doctor,
    patient,
    server,
    clinic,
  }) => {
    await makeBusy(patient);
    const consultation = await clinic.consultation();
    await prepare(patient.page, consultation.link);
    await expect(patient.page.getByText(words["media.camera_busy"])).toBeVisible();
    await expect(patient.page.getByText(words["media.camera_busy.next"])).toBeVisible();
    await patient.page.getByRole("button", { name: words["equipment.audio_only"] }).click();
    await Promise.all([comeIn(patient.page), doctorEnters(doctor, server, consultation)]);
    await admit(doctor);
    await Promise.all([patient.media.receives(), doctor.media.receives({ picture: false })]);
    await expect(doctor.page.getByText(words["call.mark.camera_off"]).first()).toBeAttached();
  });

  test("with a machine to itself a call runs 1280 points wide", async ({ server, clinic }) => {
    const browser = await chromium.launch(launchOptions());
    try {
      const doctor = await Person.arrive(browser, server.origin, { locale: "pt-BR" });
      const patient = await Person.arrive(browser, server.origin, { locale: "pt-BR" });
      const consultation = await clinic.consultation();
      await doctorEnters(doctor, server, consultation);
      await prepare(patient.page, consultation.link);
      await comeIn(patient.page);
      await admit(doctor);
      await expect
        .poll(async () => (await doctor.media.figures()).width, {
          message: "pictures 1280 wide",
          timeout: 25_000,
        })
        .toBe(1280);
    } finally {
      await browser.close();
    }
  });
});
