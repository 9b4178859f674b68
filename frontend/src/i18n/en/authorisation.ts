import type { authorisation as source } from "../pt-BR/authorisation";

export const authorisation: Record<keyof typeof source, string> = {
  "consent.queue.representative": "Authorised by {name} ({relationship})",
  "consent.queue.emergency": "Emergency: comes in without authorisation",
  "consent.withdrew":
    "{name} withdrew the authorisation, and the call has ended for them. They may authorise again and wait anew. If they do not come back, end the consultation with the outcome that fits.",
  "emergency.open": "Emergency without authorisation",
  "emergency.note":
    "Only when the patient's life or health cannot wait and nobody is able to authorise. The patient comes in by their own link and you admit them. Your name and the reason go into the record and the audit log.",
  "emergency.reason": "Reason for the emergency",
  "emergency.reason.hint": "For example: patient unconscious, with a neighbour.",
  "emergency.confirm": "Allow entry without authorisation",
  "emergency.done": "Entry allowed without authorisation",
  "emergency.done.next": "Ask them to tap “Enter the consultation” on the patient's page.",
  "code.only_for_the_patient": "This is for the patient only",
  "code.only_for_the_patient.next": "Everybody else authorises for themselves, by their own link.",
  "code.already_authorised": "The patient has already authorised",
  "code.already_authorised.next": "There is nothing to override: just admit them.",
};
