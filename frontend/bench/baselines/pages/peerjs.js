/** PeerJS as its manual shows it: the patient calls the doctor by id, words and states go by a data connection. */
import { doctor, room, show, start } from "./common.js";

start((stream) => {
  const peer = new window.Peer(`${room}-${doctor ? "doctor" : "patient"}`, {
    host: location.hostname,
    port: Number(location.port),
    path: "/peerjs",
    config: { iceServers: [] },
  });
  const talk = (connection) => {
    window.say = (message) => connection.send(message);
    connection.on("open", () => {
      document.body.dataset.open = "";
    });
  };
  if (doctor) {
    peer.on("call", (call) => {
      call.on("stream", show);
      call.answer(stream);
    });
    peer.on("connection", talk);
  } else {
    peer.on("open", () => {
      peer.call(`${room}-doctor`, stream).on("stream", show);
      talk(peer.connect(`${room}-doctor`));
    });
  }
  peer.on("open", () => {
    document.body.dataset.joined = "";
  });
  window.leave = () => peer.destroy();
});
