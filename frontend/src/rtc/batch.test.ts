import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Batch } from "./batch";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function collected(most = 3): { batch: Batch<number>; pieces: number[][] } {
  const pieces: number[][] = [];
  return { batch: new Batch<number>(50, most, (items) => pieces.push(items)), pieces };
}

test("what comes within the window goes together", () => {
  const { batch, pieces } = collected();
  batch.add(1);
  vi.advanceTimersByTime(49);
  batch.add(2);
  expect(pieces).toEqual([]);
  vi.advanceTimersByTime(1);
  batch.add(3);
  vi.advanceTimersByTime(50);
  expect(pieces).toEqual([[1, 2], [3]]);
});

test("no piece is larger than allowed", () => {
  const { batch, pieces } = collected();
  for (const n of [1, 2, 3, 4]) batch.add(n);
  batch.flush();
  expect(pieces).toEqual([[1, 2, 3], [4]]);
});

test("what is cleared is never handed over", () => {
  const { batch, pieces } = collected();
  batch.add(1);
  batch.clear();
  vi.advanceTimersByTime(100);
  expect(pieces).toEqual([]);
});
