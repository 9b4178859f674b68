/**
 * One of the two baselines: `node server.js peerjs|seed`, on the port that PORT names.
 *
 * `peerjs` is the published PeerJS server with its published client; `seed` is Express, Socket.IO and simple-peer as
 * one would sketch them. Neither keeps a record, asks who somebody is, or contacts another host.
 */
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import express from "express";
import { ExpressPeerServer } from "peer";
import { Server } from "socket.io";

const here = dirname(fileURLToPath(import.meta.url));
const require = createRequire(import.meta.url);
const library = {
  peerjs: join(dirname(require.resolve("peerjs/package.json")), "dist", "peerjs.min.js"),
  seed: join(dirname(require.resolve("simple-peer/package.json")), "simplepeer.min.js"),
};

const kind = process.argv[2] === "seed" ? "seed" : "peerjs";
const app = express();
const server = createServer(app);

app.get("/library.js", (_request, response) => response.sendFile(library[kind]));
app.get("/page.js", (_request, response) => response.sendFile(join(here, "pages", `${kind}.js`)));
app.get("/common.js", (_request, response) => response.sendFile(join(here, "pages", "common.js")));
app.get("/healthz", (_request, response) => response.json({ status: "ok" }));
app.get("/", (_request, response) => response.sendFile(join(here, "pages", `${kind}.html`)));

/** Rooms are Socket.IO's own; everything said in one goes to the others in it. */
function introduce(io) {
  io.on("connection", (socket) => {
    socket.on("join-room", ({ roomId, role }) => {
      socket.join(roomId);
      socket.data = { roomId, role };
      socket.emit("room-joined", { roomId, users: io.sockets.adapter.rooms.get(roomId)?.size ?? 0 });
      socket.to(roomId).emit("user-joined", { userId: socket.id, role });
    });
    for (const event of ["signal", "chat-message", "toggle-media"]) {
      socket.on(event, (message) => {
        socket.to(socket.data.roomId).emit(event, { ...message, from: socket.id, role: socket.data.role });
      });
    }
    socket.on("disconnect", () => {
      if (socket.data.roomId) socket.to(socket.data.roomId).emit("user-left", { userId: socket.id });
    });
  });
}

if (kind === "seed") introduce(new Server(server));
else app.use("/peerjs", ExpressPeerServer(server, { path: "/" }));

server.listen(Number(process.env.PORT), "127.0.0.1");
