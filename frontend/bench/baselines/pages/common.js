/** What both baseline pages share: two pictures, the role, and joining at once or when told. */
const query = new URLSearchParams(location.search);
export const room = query.get("room");
export const doctor = query.get("role") === "doctor";

const local = document.querySelector("video[data-participant=local]");
const remote = document.querySelector("video[data-participant=remote]");

export function show(stream) {
  if (remote.srcObject !== stream) remote.srcObject = stream;
}

/** Opens the devices, then joins; with `hold=1` in the address only when `window.join()` is called. */
export async function start(join) {
  const stream = await navigator.mediaDevices.getUserMedia({
    audio: true,
    video: { width: 1280, height: 720 },
  });
  local.srcObject = stream;
  if (query.has("hold")) window.join = () => join(stream);
  else join(stream);
  document.body.dataset.ready = "";
}
