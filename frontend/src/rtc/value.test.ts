import { expect, test } from "vitest";
import { Value } from "./value";

test("watchers hear of a change, once each, until they stop", () => {
  const value = new Value(1);
  let heard = 0;
  const listener = () => {
    heard += 1;
  };
  const stop = value.subscribe(listener);
  value.subscribe(listener);
  value.set(2);
  expect(heard).toBe(2);
  stop();
  value.update((n) => n + 1);
  expect([heard, value.get()]).toEqual([3, 3]);
});

test("the same value is no change", () => {
  const value = new Value("a");
  value.subscribe(() => expect.unreachable());
  value.set("a");
  expect(value.get()).toBe("a");
});
