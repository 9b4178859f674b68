import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ApiError } from "../../api/client";
import type { NoteOut } from "../../api/types";
import { Notebook, QUIET_MS } from "./notebook";

const note = (version: number, text: string): NoteOut => ({
  call_id: "1",
  version,
  text,
  sha256: null,
  saved_at: version ? "2026-11-27T12:00:00Z" : null,
});

/** A server that keeps versions as ours does; `away` makes it silent. */
class Server {
  texts: string[] = [];
  away: string | null = null;
  saves = 0;

  load = async () => {
    this.#answer();
    return note(this.texts.length, this.texts.at(-1) ?? "");
  };
  save = async (text: string, base: number) => {
    this.saves += 1;
    this.#answer();
    const current = note(this.texts.length, this.texts.at(-1) ?? "");
    if (base !== current.version) throw new ApiError({ status: 409, code: "note_conflict", current });
    this.texts.push(text);
    return note(this.texts.length, text);
  };
  #answer() {
    if (this.away) throw new ApiError({ status: this.away === "offline" ? 0 : 413, code: this.away });
  }
}

let server: Server;
let notebook: Notebook;
const view = () => {
  const now = notebook.view.get();
  if (now.is !== "open") throw new Error(now.is);
  return now;
};

beforeEach(async () => {
  vi.useFakeTimers();
  server = new Server();
  notebook = new Notebook(server);
  await notebook.open();
});
afterEach(() => vi.useRealTimers());

describe("a notebook", () => {
  test("saves once the hand rests, and not at every letter", async () => {
    for (const text of ["a", "ab", "abc"]) {
      notebook.write(text);
      await vi.advanceTimersByTimeAsync(QUIET_MS / 2);
    }
    expect(server.texts).toEqual([]);
    await vi.advanceTimersByTimeAsync(QUIET_MS);
    expect(server.texts).toEqual(["abc"]);
    expect(view()).toMatchObject({ state: "saved", savedAt: "2026-11-27T12:00:00Z" });
    expect(notebook.unsaved).toBe(false);
  });

  test("saves somebody who never rests within ten seconds", async () => {
    for (let second = 0; second < 11; second += 1) {
      notebook.write(`${second}`);
      await vi.advanceTimersByTimeAsync(1000);
    }
    expect(server.texts.length).toBe(1);
  });

  test("keeps the text while the server is away and saves it when it is back", async () => {
    server.away = "offline";
    notebook.write("não se perde");
    await vi.advanceTimersByTimeAsync(QUIET_MS);
    expect(view()).toMatchObject({ state: "waiting", text: "não se perde" });
    notebook.write("não se perde nada");
    server.away = null;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(server.texts).toEqual(["não se perde nada"]);
    expect(view().state).toBe("saved");
  });

  test("what is written while a saving is under way is saved after it", async () => {
    notebook.write("um");
    const first = notebook.flush();
    notebook.write("um dois");
    await first;
    expect(view().state).toBe("changed");
    await vi.advanceTimersByTimeAsync(QUIET_MS);
    expect(server.texts).toEqual(["um", "um dois"]);
  });

  test.each([
    ["mine", "daqui"],
    ["theirs", "de lá"],
    ["both", "de lá\n\ndaqui"],
  ] as const)("shows both texts of a conflict and goes on with %s", async (choice, expected) => {
    server.texts.push("de lá");
    notebook.write("daqui");
    await vi.advanceTimersByTimeAsync(60_000);
    expect(view()).toMatchObject({ text: "daqui", theirs: { text: "de lá" } });
    expect(server.saves, "it does not insist").toBe(1);
    notebook.settle(choice);
    await vi.advanceTimersByTimeAsync(0);
    expect(server.texts.at(-1)).toBe(expected);
    expect(view()).toMatchObject({ text: expected, theirs: null, state: "saved" });
  });

  test("a text that is refused stays on the page until it is changed", async () => {
    server.away = "too_large";
    notebook.write("longo");
    await vi.advanceTimersByTimeAsync(60_000);
    expect(view()).toMatchObject({ text: "longo", refused: "too_large" });
    expect(server.saves).toBe(1);
    server.away = null;
    notebook.write("curto");
    await vi.advanceTimersByTimeAsync(QUIET_MS);
    expect(server.texts).toEqual(["curto"]);
  });

  test("what is left is sent when the page goes", async () => {
    notebook.write("tchau");
    notebook.close();
    await vi.advanceTimersByTimeAsync(0);
    expect(server.texts).toEqual(["tchau"]);
  });
});

test("a call that is not in the record yet is asked for again", async () => {
  const late = new Server();
  late.away = "not_found";
  notebook = new Notebook(late);
  await notebook.open();
  expect(notebook.view.get().is).toBe("loading");
  late.away = null;
  await vi.advanceTimersByTimeAsync(2000);
  expect(view().text).toBe("");
});
