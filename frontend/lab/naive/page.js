/** Perfect negotiation as in the textbook, the browser's own quality, and an ICE restart when the connection has failed. */
const query = new URLSearchParams(location.search);
const polite = query.get("polite") === "1";
const stream = await navigator.mediaDevices.getUserMedia({
  audio: true,
  video: { width: 1280, height: 720 },
});
document.querySelector("video[data-participant=local]").srcObject = stream;

const socket = window.io({ path: "/naive/socket.io/", query: { room: query.get("room") } });
const peer = new RTCPeerConnection({ iceServers: await (await fetch("ice")).json() });
let makingOffer = false;
let ignoring = false;

peer.ontrack = ({ streams }) => {
  document.querySelector("video[data-participant=remote]").srcObject = streams[0];
};
peer.onicecandidate = ({ candidate }) => candidate && socket.emit("signal", { candidate });
peer.onconnectionstatechange = () => {
  if (peer.connectionState === "failed") peer.restartIce();
};
peer.onnegotiationneeded = async () => {
  makingOffer = true;
  await peer.setLocalDescription();
  socket.emit("signal", { description: peer.localDescription });
  makingOffer = false;
};
socket.on("signal", async ({ description, candidate }) => {
  if (description) {
    ignoring = description.type === "offer" && !polite && (makingOffer || peer.signalingState !== "stable");
    if (ignoring) return;
    if (description.type === "offer") send();
    await peer.setRemoteDescription(description);
    if (description.type !== "offer") return;
    await peer.setLocalDescription();
    socket.emit("signal", { description: peer.localDescription });
  } else
    await peer.addIceCandidate(candidate).catch((error) => {
      if (!ignoring) throw error;
    });
});

function send() {
  if (peer.getSenders().some((sender) => sender.track)) return;
  for (const track of stream.getTracks()) peer.addTrack(track, stream);
}
socket.on("hello", send);
