import type { entry as source } from "../pt-BR/entry";

export const entry: Record<keyof typeof source, string> = {
  "start.title": "Video consultations, right in your browser",
  "start.lead":
    "Doctor and patient meet by a personal link, with nothing to install and no account. Picture and sound go straight from one device to the other, encrypted.",
  "start.link.title": "I received a link",
  "start.link.body":
    "Open the clinic's e-mail on a phone or computer with a camera and press the button in it. Each link belongs to one person: do not pass it on.",
  "start.link.lost":
    "Cannot find the e-mail? Look in the spam folder too, or ask the clinic to send it again.",
  "start.link.webview":
    'If the link opens inside another app and the camera does not work, choose "Open in browser".',
  "start.staff.title": "I work at the clinic",
  "start.staff.body": "Agenda, waiting room and history of consultations.",
  "start.staff.enter": "Sign in to my account",
  "start.staff.back": "Go to my dashboard",
  "start.record":
    "This service keeps the record of the consultation and exports it. It does not replace the clinic's own medical records.",
  "start.region": "Data hosted in: {region}",
  "start.test": "Test camera and microphone",
  "signin.title": "Sign in",
  "signin.lead": "For the clinic's doctors and administration.",
  "signin.email": "E-mail",
  "signin.password": "Password",
  "signin.submit": "Sign in",
  "signin.waiting": "Signing in…",
  "signin.patient": "Are you a patient? You need no account: open the link in your e-mail.",
  "demo.title": "Demonstration",
  "demo.lead": "These accounts are for trying things out. Nothing here reaches real people.",
  "demo.doctor": "Doctor",
  "demo.admin": "Administration",
  "demo.password": "Password of both accounts",
  "demo.enter_doctor": "Sign in as the doctor",
  "demo.enter_admin": "Sign in as administration",
  "demo.two": "Try a consultation with two tabs",
  "demo.outbox": "E-mails sent",
  "demo.outbox.lead": "In the demonstration, e-mails stay here instead of leaving.",
  "demo.outbox.empty":
    "No e-mail yet. Sign in as the doctor and create a consultation: the invitation appears here.",
  "demo.outbox.refresh": "Refresh",
  "demo.mail.to": "To {to}",
  "demo.mail.open": "Open the link",
  "demo.mail.read": "Read the e-mail",
  "test.title": "Video test",
  "test.lead":
    "Open this page in two tabs or on two devices and choose one role on each. Both people meet in the same test consultation.",
  "test.doctor": "Start as Doctor",
  "test.patient": "Enter as Patient",
  "test.equipment.lead": "See whether camera, microphone and sound of this device work.",
  "test.note": "The test consultation keeps nobody's data.",
};
