/** Socket.IO and simple-peer as first sketched: trickled candidates one by one, everything else through the server. */
import { doctor, room, show, start } from "./common.js";

start((stream) => {
  const socket = window.io();
  let peer;
  const connect = (initiator) => {
    peer = new window.SimplePeer({ initiator, stream, trickle: true, config: { iceServers: [] } });
    peer.on("signal", (data) => socket.emit("signal", { data }));
    peer.on("stream", show);
    peer.on("connect", () => {
      document.body.dataset.open = "";
    });
  };
  socket.on("connect", () => socket.emit("join-room", { roomId: room, role: doctor ? "doctor" : "patient" }));
  socket.on("room-joined", () => {
    document.body.dataset.joined = "";
  });
  socket.on("user-joined", () => connect(true));
  socket.on("signal", ({ data }) => {
    if (!peer) connect(false);
    peer.signal(data);
  });
  window.say = (message) => socket.emit(message.text ? "chat-message" : "toggle-media", message);
  window.leave = () => {
    peer?.destroy();
    socket.disconnect();
  };
});
