import type { authorisation as source } from "../pt-BR/authorisation";

export const authorisation: Record<keyof typeof source, string> = {
  "consent.queue.representative": "Autorizado por {name} ({relationship})",
  "consent.queue.emergency": "Emergencia: entra sin autorización",
  "consent.withdrew":
    "{name} retiró la autorización, y la llamada terminó para esa persona. Puede autorizar de nuevo y volver a esperar. Si no vuelve, termine la consulta con el desenlace que corresponda.",
  "emergency.open": "Emergencia sin autorización",
  "emergency.note":
    "Solo cuando la vida o la salud del paciente no puede esperar y nadie logra autorizar. El paciente entra por su enlace y usted lo admite. Su nombre y el motivo quedan en el registro y en la auditoría.",
  "emergency.reason": "Motivo de la emergencia",
  "emergency.reason.hint": "Por ejemplo: paciente inconsciente, acompañado por un vecino.",
  "emergency.confirm": "Permitir la entrada sin autorización",
  "emergency.done": "Entrada permitida sin autorización",
  "emergency.done.next": "Pida que toquen “Entrar en la consulta” en la página del paciente.",
  "code.only_for_the_patient": "Esto vale solo para el paciente",
  "code.only_for_the_patient.next": "Las demás personas autorizan por sí, en el enlace de cada una.",
  "code.already_authorised": "El paciente ya autorizó",
  "code.already_authorised.next": "No hace falta permitirlo: basta con admitir.",
};
