/** The two baseline pages (see baselines/). */
import type { Browser, Page } from "@playwright/test";
import { arrive, type SystemName } from "./bench.ts";

declare global {
  interface Window {
    join: () => void;
    say: (message: unknown) => void;
    leave: () => void;
  }
}

export type Rival = Exclude<SystemName, "ours">;
export const RIVALS: readonly Rival[] = ["peerjs", "seed"];

let rooms = 0;

/** An address for each role in a room of its own; `hold` keeps the patient from joining until `window.join()`. */
export function newRoom(hold = false): { doctor: string; patient: string } {
  rooms += 1;
  const room = `r${process.pid}-${rooms}`;
  return {
    doctor: `/?room=${room}&role=doctor`,
    patient: `/?room=${room}&role=patient${hold ? "&hold=1" : ""}`,
  };
}

export const joined = (page: Page) => page.locator("body[data-joined]").waitFor();
export const devicesOpen = (page: Page) => page.locator("body[data-ready]").waitFor();
export const channelOpen = (page: Page) => page.locator("body[data-open]").waitFor();
export const leave = (page: Page) => page.evaluate(() => window.leave());

/** The first person, in the room already. */
export async function firstPerson(browser: Browser, rival: Rival, address: string) {
  const doctor = await arrive(browser, rival);
  await doctor.page.goto(address);
  await joined(doctor.page);
  return doctor;
}
