import { expect, test } from "vitest";
import { PROMPT, wait } from "./playout";

type Look = number | null | "starved";
const look = (one: Look) =>
  one === "starved" ? { loss: null, starved: true } : { loss: one, starved: false };
const after = (...looks: Look[]) => looks.map(look).reduce(wait, PROMPT).ms;
const times = (n: number, loss: number) => Array.from({ length: n }, () => loss);

test.each<[string, Look[], number | null]>([
  ["a clean link is played at once", [0, 0.01], null],
  ["loss makes sound wait for what is sent again", [0.05], 150],
  ["much loss longer", [0.05, 0.3], 300],
  ["one clean moment is not the end of it", [0.3, 0, 0], 300],
  ["ten are", [0.3, ...times(10, 0)], null],
  ["less loss for a while shortens it", [0.3, ...times(10, 0.05)], 150],
  ["what is not known changes nothing", [0.3, null], 300],
  ["a link too thin for a picture makes sound wait", ["starved"], 300],
  ["and a while longer", ["starved", ...times(9, 0)], 300],
  ["but not for ever", ["starved", ...times(10, 0)], null],
])("%s", (_, losses, ms) => expect(after(...losses)).toBe(ms));
