/** P4 and P5: what a patient's way to the waiting room weighs, and what a whole call says through the server. */

import { setTimeout as pause } from "node:timers/promises";
import { type Browser, test } from "@playwright/test";
import { patientEnters, say } from "../e2e/support/steps.ts";
import { arrive, brief, save } from "./support/bench.ts";
import { admitButton, Doctor } from "./support/clinic.ts";
import { firstPicture } from "./support/probe.ts";
import { channelOpen, leave, newRoom, RIVALS, type Rival } from "./support/rivals.ts";
import { tally, Wire } from "./support/wire.ts";

const CHATS = 10;
const TOGGLES = 6;
const SETTLE_MS = 1_500;

const together = (one: Wire, other: Wire) => ({
  in: tally([...one.said.in, ...other.said.in]),
  out: tally([...one.said.out, ...other.said.out]),
});

async function ours(browser: Browser) {
  const doctor = await Doctor.arrive(browser);
  const doctorWire = await Wire.on(doctor.page);
  const { roomId, link } = await doctor.invite();
  await doctor.enter(roomId);
  const patient = await arrive(browser, "ours");
  const wire = await Wire.on(patient.page);
  await patientEnters(patient.page, link);
  await pause(SETTLE_MS);
  const own = new URL(brief.systems.ours.origin).host;
  const fetched = [...wire.fetched.values()];
  const weight = {
    bytes: wire.bytes,
    requests: fetched.length,
    foreign: fetched.filter(({ url }) => new URL(url).host !== own).length,
    fetched: fetched.map((one) => ({ ...one, url: new URL(one.url).pathname })),
  };
  await admitButton(doctor.page).click();
  await Promise.all([firstPicture(doctor.page), firstPicture(patient.page)]);
  await pause(SETTLE_MS);
  for (let toggle = 0; toggle < TOGGLES; toggle++) {
    await patient.page.keyboard.press("m");
    await pause(100);
  }
  for (const { page } of [doctor, patient]) {
    await page.getByRole("button", { name: "Chat" }).click();
    await page.getByRole("textbox", { name: "Mensagem" }).waitFor();
  }
  for (let chat = 0; chat < CHATS; chat++) {
    await say(chat % 2 ? doctor.page : patient.page, `Mensagem número ${chat} da consulta`);
    await pause(100);
  }
  await pause(SETTLE_MS);
  await doctor.end();
  await pause(500);
  const messages = together(doctorWire, wire);
  await Promise.all([doctor.context.close(), patient.context.close()]);
  return { weight, messages };
}

async function theirs(browser: Browser, rival: Rival): Promise<{ in: Tally; out: Tally }> {
  const room = newRoom();
  const doctor = await arrive(browser, rival);
  const doctorWire = await Wire.on(doctor.page);
  await doctor.page.goto(room.doctor);
  await doctor.page.locator("body[data-joined]").waitFor();
  const patient = await arrive(browser, rival);
  const wire = await Wire.on(patient.page);
  await patient.page.goto(room.patient);
  await Promise.all([firstPicture(doctor.page), firstPicture(patient.page), channelOpen(patient.page)]);
  await pause(SETTLE_MS);
  for (let toggle = 0; toggle < TOGGLES; toggle++) {
    await patient.page.evaluate((audio) => window.say({ audio }), Boolean(toggle % 2));
  }
  for (let chat = 0; chat < CHATS; chat++) {
    const { page } = chat % 2 ? doctor : patient;
    await page.evaluate((text) => window.say({ text }), `Mensagem número ${chat} da consulta`);
  }
  await pause(SETTLE_MS);
  await leave(patient.page);
  await pause(500);
  const messages = together(doctorWire, wire);
  await Promise.all([doctor.context.close(), patient.context.close()]);
  return messages;
}

type Tally = ReturnType<typeof tally>;

test("wire", async ({ browser }) => {
  const found = await ours(browser);
  const rivals: Record<string, unknown> = {};
  for (const rival of RIVALS) rivals[rival] = await theirs(browser, rival);
  save("wire", { weight: found.weight, messages: { ours: found.messages, ...rivals } });
});
