/**
 * Starts a browser that speaks WebDriver BiDi, in the house where this program runs, and carries the driver's words to
 * it: a line of standard input is a command, a line of standard output an answer or an event. So nobody outside needs
 * a port. The browser ends with this program, and this program with its input.
 * Use: node --experimental-websocket bidi-bridge.js BROWSER WORDS...
 */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

const END_MS = 4_000;
const LISTENING = /WebDriver BiDi listening on (ws:\/\/\S+)/;

const [program, ...words] = process.argv.slice(2);
const browser = spawn(program, words, { stdio: ["ignore", "ignore", "pipe"] });
browser.once("error", (error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
});
browser.once("exit", (code) => process.exit(code ?? 1));

function end() {
  browser.kill("SIGTERM");
  setTimeout(() => browser.kill("SIGKILL"), END_MS);
}

const commands = createInterface({ input: process.stdin });
commands.once("close", end);

function carry(address) {
  const socket = new WebSocket(`${address}/session`);
  socket.onmessage = ({ data }) => process.stdout.write(`${data}\n`);
  socket.onerror = ({ message }) => process.stderr.write(`${message ?? "the browser's socket failed"}\n`);
  socket.onclose = end;
  socket.onopen = () => {
    commands.on("line", (line) => socket.send(line));
    process.stdout.write('{"type":"event","method":"ready"}\n');
  };
}

let listening = false;
createInterface({ input: browser.stderr }).on("line", (line) => {
  process.stderr.write(`${line}\n`);
  const [, address] = LISTENING.exec(line) ?? [];
  if (!address || listening) return;
  listening = true;
  carry(address);
});
