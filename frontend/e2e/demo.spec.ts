import type { Person } from "./support/person.ts";
import { endConsultation, farewell } from "./support/steps.ts";
import { expect, test } from "./support/test.ts";

/** Fresh rooms each time; `glare.spec.ts` meets two hundred times in one. */
const AT_ONCE = 5;

async function press(person: Person, name: string): Promise<void> {
  await person.page.getByRole("button", { name }).click();
}

test("two buttons of the test page open a real consultation with a record", async ({
  doctor,
  patient,
  clinic,
}) => {
  await doctor.page.goto("/teste-video");
  await press(doctor, "Iniciar como Médico");
  await expect(doctor.page).toHaveURL(/\/medico\//);
  await patient.page.goto("/teste-video");
  await press(patient, "Entrar como Paciente");
  await expect(patient.page).toHaveURL(/\/paciente\//);
  await Promise.all([doctor.media.receives(), patient.media.receives()]);
  const id = new URL(doctor.page.url()).pathname.split("/").at(-1) ?? "";
  expect(patient.page.url()).toContain(id);
  await endConsultation(doctor);
  await Promise.all([
    expect(farewell(doctor.page)).toBeVisible(),
    expect(farewell(patient.page)).toBeVisible(),
  ]);
  await Promise.all([doctor.media.isReleased(), patient.media.isReleased()]);
  const calls = await clinic.admin<{ items: { room_id: string; state: string; outcome: string }[] }>(
    "GET",
    "/calls?limit=100",
  );
  expect(calls.items.filter((call) => call.room_id === id)).toMatchObject([
    { state: "ended", outcome: "completed" },
  ]);
});

test("who comes at the very same moment meets, every time", async ({ doctor, patient }) => {
  test.setTimeout(150_000);
  for (let round = 1; round <= AT_ONCE; round++) {
    await test.step(`round ${round}`, async () => {
      await Promise.all([doctor.page.goto("/teste-video"), patient.page.goto("/teste-video")]);
      await Promise.all([press(doctor, "Iniciar como Médico"), press(patient, "Entrar como Paciente")]);
      await Promise.all([doctor.media.receives({ sound: false }), patient.media.receives({ sound: false })]);
      await endConsultation(doctor);
      await Promise.all([
        expect(farewell(doctor.page)).toBeVisible(),
        expect(farewell(patient.page)).toBeVisible(),
      ]);
    });
  }
});
