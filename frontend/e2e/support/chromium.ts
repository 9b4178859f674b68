/** How the browser is started: the system's Chromium with cameras and microphones that are not there. */
import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LaunchOptions } from "@playwright/test";

const WIDTH = 320;
const HEIGHT = 180;
const FRAMES_PER_SECOND = 10;
const FRAMES = 20;

export const FAKE_DEVICES = "--use-fake-device-for-media-stream";
export const FAKE_CONSENT = "--use-fake-ui-for-media-stream";

const QUIET = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Where the system keeps it; CHROMIUM names another place. */
function executable(): string {
  const named = process.env.CHROMIUM;
  if (named) return named;
  const places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
  return places.find((place) => existsSync(place)) ?? "/usr/bin/chromium";
}

/** `extra` decides about devices: by default both exist and every question is answered with yes. */
export function launchOptions(extra: readonly string[] = [FAKE_DEVICES, FAKE_CONSENT]): LaunchOptions {
  return { executablePath: executable(), headless: true, args: [...QUIET, ...extra] };
}

/** A camera of 320x180 at 10 pictures a second with a bar that moves: two calls of it fit on two cores. */
export function smallCamera(): string[] {
  const file = join(tmpdir(), "teleconsulta-e2e", `camera-${WIDTH}x${HEIGHT}.y4m`);
  if (!existsSync(file)) {
    mkdirSync(join(tmpdir(), "teleconsulta-e2e"), { recursive: true });
    writeFileSync(`${file}.${process.pid}`, movingBar());
    renameSync(`${file}.${process.pid}`, file);
  }
  return [FAKE_DEVICES, FAKE_CONSENT, `--use-file-for-fake-video-capture=${file}`];
}

function movingBar(): Buffer {
  const parts = [Buffer.from(`YUV4MPEG2 W${WIDTH} H${HEIGHT} F${FRAMES_PER_SECOND}:1 Ip A1:1 C420jpeg\n`)];
  for (let frame = 0; frame < FRAMES; frame++) {
    const luma = Buffer.alloc(WIDTH * HEIGHT, 96);
    const from = Math.floor((frame * WIDTH) / FRAMES);
    for (let row = 0; row < HEIGHT; row++) luma.fill(220, row * WIDTH + from, row * WIDTH + from + 16);
    const chroma = Buffer.alloc((WIDTH * HEIGHT) / 2, 128);
    parts.push(Buffer.from("FRAME\n"), luma, chroma);
  }
  return Buffer.concat(parts);
}
