import { expect, test } from "vitest";
import { Inboxes } from "./inbox";

function door(): { opened: Promise<void>; open: () => void } {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

test("one peer's mail is handled in order, another's does not wait for it", async () => {
  const inboxes = new Inboxes();
  const done: string[] = [];
  const { opened, open } = door();
  const slow = inboxes.put("bia", async () => {
    await opened;
    done.push("bia 1");
  });
  const next = inboxes.put("bia", () => void done.push("bia 2"));
  await inboxes.put("caio", () => void done.push("caio 1"));
  expect(done).toEqual(["caio 1"]);
  open();
  await Promise.all([slow, next]);
  expect(done).toEqual(["caio 1", "bia 1", "bia 2"]);
});

test("what fails does not stop what follows", async () => {
  const inboxes = new Inboxes();
  void inboxes.put("bia", () => Promise.reject(new Error("bad SDP")));
  let reached = false;
  await inboxes.put("bia", () => {
    reached = true;
  });
  expect(reached).toBe(true);
});
