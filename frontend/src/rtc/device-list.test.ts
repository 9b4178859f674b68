import { expect, test } from "vitest";
import { sorted } from "./device-list";

test("devices go by kind, and those without a name yet are left out", () => {
  const found = [
    { kind: "videoinput", deviceId: "c1", label: "Front" },
    { kind: "audioinput", deviceId: "m1", label: "Built-in" },
    { kind: "audiooutput", deviceId: "s1", label: "Speaker" },
    { kind: "videoinput", deviceId: "", label: "" },
  ];
  expect(sorted(found)).toEqual({
    cameras: [{ id: "c1", label: "Front" }],
    microphones: [{ id: "m1", label: "Built-in" }],
    speakers: [{ id: "s1", label: "Speaker" }],
  });
});
