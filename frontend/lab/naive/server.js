/** The rival of the laboratory: a page and a relay of its signals, as one writes them in an afternoon. */
import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Server } from "socket.io";

const here = dirname(fileURLToPath(import.meta.url));
const client = join(
  dirname(createRequire(import.meta.url).resolve("socket.io")),
  "../client-dist/socket.io.min.js",
);
const DAY_S = 86_400;

/** Credentials for a day, so that nothing of the rival's fails for their sake. */
function iceServers() {
  const username = `${Math.floor(Date.now() / 1_000) + DAY_S}:naive`;
  const credential = createHmac("sha1", process.env.TURN_SECRET).update(username).digest("base64");
  return [{ urls: "stun:turn1.lab:3478" }, { urls: process.env.TURN_URLS.split(","), username, credential }];
}

const files = {
  "/naive/": ["text/html", () => readFileSync(join(here, "page.html"))],
  "/naive/page.js": ["text/javascript", () => readFileSync(join(here, "page.js"))],
  "/naive/socket.io.min.js": ["text/javascript", () => readFileSync(client)],
  "/naive/ice": ["application/json", () => JSON.stringify(iceServers())],
};

const server = createServer((request, response) => {
  const file = files[new URL(request.url, "http://naive").pathname];
  response.writeHead(file ? 200 : 404, { "Content-Type": file?.[0] ?? "text/plain" });
  response.end(file?.[1]());
});

// Everything as it comes: pings every 25 s, given up after 20 more.
const io = new Server(server, { path: "/naive/socket.io/" });
io.on("connection", (socket) => {
  const { room } = socket.handshake.query;
  socket.join(room);
  socket.to(room).emit("hello");
  socket.on("signal", (message) => socket.to(room).emit("signal", message));
});

server.listen(Number(process.env.PORT), "127.0.0.1", () => process.stdout.write("ready\n"));
