/** The browser of the measurements: quiet, with a camera whose pictures cost little and come 30 times a second. */
import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LaunchOptions } from "@playwright/test";
import { FAKE_CONSENT, FAKE_DEVICES, launchOptions } from "../../e2e/support/chromium.ts";

const WIDTH = 320;
const HEIGHT = 180;
const FRAMES_PER_SECOND = 30;
const FRAMES = 30;

/** A script presses the demo's buttons, which gives a page no leave to play sound: so everybody has it. */
const PLAY = "--autoplay-policy=no-user-gesture-required";

export function browserOptions(): LaunchOptions {
  return launchOptions([
    FAKE_DEVICES,
    FAKE_CONSENT,
    PLAY,
    `--use-file-for-fake-video-capture=${smallPicture()}`,
  ]);
}

/** With the browser's own made-up camera, which offers 1280x720. */
export function largePictureOptions(): LaunchOptions {
  return launchOptions([`${FAKE_DEVICES}=fps=30`, FAKE_CONSENT, PLAY]);
}

function smallPicture(): string {
  const folder = join(tmpdir(), "teleconsulta-bench");
  const file = join(folder, `camera-${WIDTH}x${HEIGHT}-${FRAMES_PER_SECOND}.y4m`);
  if (!existsSync(file)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(`${file}.${process.pid}`, movingBar());
    renameSync(`${file}.${process.pid}`, file);
  }
  return file;
}

function movingBar(): Buffer {
  const parts = [Buffer.from(`YUV4MPEG2 W${WIDTH} H${HEIGHT} F${FRAMES_PER_SECOND}:1 Ip A1:1 C420jpeg\n`)];
  for (let frame = 0; frame < FRAMES; frame++) {
    const luma = Buffer.alloc(WIDTH * HEIGHT, 96);
    const from = Math.floor((frame * WIDTH) / FRAMES);
    for (let row = 0; row < HEIGHT; row++) luma.fill(220, row * WIDTH + from, row * WIDTH + from + 10);
    parts.push(Buffer.from("FRAME\n"), luma, Buffer.alloc((WIDTH * HEIGHT) / 2, 128));
  }
  return Buffer.concat(parts);
}
