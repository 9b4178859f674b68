import { expect, test } from "vitest";
import { timeLeft } from "./time-left";

const NOON = new Date("2026-11-27T12:00:00Z");

test.each([
  ["2026-12-02T03:00:00Z", { unit: "days", count: 4 }],
  ["2026-11-29T12:00:00Z", { unit: "days", count: 2 }],
  ["2026-11-29T11:59:59Z", { unit: "hours", count: 47 }],
  ["2026-11-27T12:30:00Z", { unit: "hours", count: 0 }],
  ["2026-11-27T12:00:00Z", null],
  ["2026-11-20T12:00:00Z", null],
])("due at %s", (due, expected) => expect(timeLeft(due, NOON)).toEqual(expected));
