// Shows push messages. A message only says what kind it is: the words are here, so that neither the push service nor a
// locked screen learns a name. Nothing is cached, and no request is touched.
const WORDS = {
  "pt-BR": {
    arrival: ["Alguém chegou à sala de espera", "Toque para abrir o painel."],
    test: ["Os avisos funcionam", "É assim que avisamos quando alguém chega."],
    reminder_24h: ["Você tem uma consulta por vídeo amanhã", "O link está no e-mail da clínica."],
    reminder_15m: ["Sua consulta por vídeo começa em 15 minutos", "Abra o link do e-mail da clínica."],
  },
  en: {
    arrival: ["Somebody has come to the waiting room", "Tap to open the dashboard."],
    test: ["Notifications work", "This is how we tell you when somebody comes."],
    reminder_24h: ["You have a video consultation tomorrow", "The link is in the clinic's e-mail."],
    reminder_15m: ["Your video consultation begins in 15 minutes", "Open the link in the clinic's e-mail."],
  },
  es: {
    arrival: ["Alguien llegó a la sala de espera", "Toque para abrir el panel."],
    test: ["Los avisos funcionan", "Así avisamos cuando llega alguien."],
    reminder_24h: ["Mañana tiene una consulta por vídeo", "El enlace está en el correo de la clínica."],
    reminder_15m: ["Su consulta por vídeo empieza en 15 minutos", "Abra el enlace del correo de la clínica."],
  },
};
const OFFICE = new Set(["arrival", "test"]);

function read(data) {
  try {
    const { kind, lang } = data.json();
    const words = (WORDS[lang] ?? WORDS["pt-BR"])[kind];
    return words ? { kind, lang, words } : null;
  } catch {
    return null;
  }
}

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("push", (event) => {
  const message = event.data && read(event.data);
  if (message) event.waitUntil(show(message));
});

async function show({ kind, lang, words: [title, body] }) {
  const windows = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  // Who is looking at the dashboard has seen and heard it.
  const looking = windows.some((one) => one.visibilityState === "visible" && /\/painel/.test(one.url));
  if (kind === "arrival" && looking) return;
  await self.registration.showNotification(title, { body, lang, tag: kind, renotify: true, data: { kind } });
}

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(OFFICE.has(event.notification.data?.kind) ? "/painel" : "/"));
});

async function open(path) {
  const windows = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const there = windows.find((one) => new URL(one.url).pathname === path);
  return there ? there.focus() : self.clients.openWindow(path);
}
