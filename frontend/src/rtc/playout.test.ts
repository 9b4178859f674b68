import { expect, test } from "vitest";
import { PROMPT, wait } from "./playout";

const after = (...losses: (number | null)[]) => losses.reduce(wait, PROMPT).ms;
const times = (n: number, loss: number) => Array.from({ length: n }, () => loss);

test.each<[string, (number | null)[], number | null]>([
  ["a clean link is played at once", [0, 0.01], null],
  ["loss makes sound wait for what is sent again", [0.05], 150],
  ["much loss longer", [0.05, 0.3], 300],
  ["one clean moment is not the end of it", [0.3, 0, 0], 300],
  ["ten are", [0.3, ...times(10, 0)], null],
  ["less loss for a while shortens it", [0.3, ...times(10, 0.05)], 150],
  ["what is not known changes nothing", [0.3, null], 300],
])("%s", (_, losses, ms) => expect(after(...losses)).toBe(ms));
