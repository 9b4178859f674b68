/** What the laboratory's microphones and cameras give: something like speech, and a picture that always moves. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";

const RATE = 48_000;
const SECONDS = 12;

/** A voice of harmonics whose pitch and loudness wander, with syllables and pauses; another one for another `seed`. */
export function voice(folder: string, seed: number): string {
  const samples = new Int16Array(RATE * SECONDS);
  let phase = 0;
  for (let at = 0; at < samples.length; at++) {
    const t = at / RATE;
    const pitch = (seed === 0 ? 120 : 190) * (1 + 0.15 * Math.sin(2 * Math.PI * (0.37 + 0.1 * seed) * t));
    phase += (2 * Math.PI * pitch) / RATE;
    const syllable = Math.max(0, Math.sin(2 * Math.PI * (3.1 + 0.4 * seed) * t)) ** 0.5;
    const sentence = (t + seed * 1.3) % 4 < 3.4 ? 1 : 0;
    let sound = 0;
    for (let harmonic = 1; harmonic <= 12; harmonic++) {
      const formant = Math.exp(-(((harmonic * pitch - 600 - 300 * Math.sin(2 * t + seed)) / 500) ** 2));
      sound += (0.2 + formant) * Math.sin(harmonic * phase) * (1 / harmonic);
    }
    samples[at] = Math.round(6_000 * sound * syllable * sentence);
  }
  const header = Buffer.alloc(44);
  header.write("RIFF", 0);
  header.writeUInt32LE(36 + samples.byteLength, 4);
  header.write("WAVEfmt ", 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(RATE, 24);
  header.writeUInt32LE(RATE * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write("data", 36);
  header.writeUInt32LE(samples.byteLength, 40);
  const file = join(folder, `voice-${seed}.wav`);
  writeFileSync(file, Buffer.concat([header, Buffer.from(samples.buffer)]));
  return file;
}

/** Blocks of light that drift over a gradient: enough detail that a thin link has to give something up. */
export function scene(folder: string, width: number, height: number, fps: number): string {
  const frames = 2 * fps;
  const parts = [Buffer.from(`YUV4MPEG2 W${width} H${height} F${fps}:1 Ip A1:1 C420jpeg\n`)];
  for (let frame = 0; frame < frames; frame++) {
    const luma = Buffer.alloc(width * height);
    const shift = Math.floor((frame * width) / frames);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const block = ((x + shift) >> 4) * 37 + ((y + (frame >> 1)) >> 4) * 91;
        luma[y * width + x] = 60 + ((block ^ (block >> 3)) & 127);
      }
    }
    parts.push(Buffer.from("FRAME\n"), luma, Buffer.alloc((width * height) / 2, 128));
  }
  const file = join(folder, `scene-${width}x${height}.y4m`);
  writeFileSync(file, Buffer.concat(parts));
  return file;
}
