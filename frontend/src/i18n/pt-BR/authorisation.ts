/** What the doctor is told about authorisations, and the emergency without one. */
export const authorisation = {
  "consent.queue.representative": "Autorizado por {name} ({relationship})",
  "consent.queue.emergency": "Emergência: entra sem autorização",
  "consent.withdrew":
    "{name} retirou a autorização, e a chamada terminou para essa pessoa. Ela pode autorizar de novo e voltar a esperar. Se não voltar, encerre a consulta com o desfecho que couber.",
  "emergency.open": "Emergência sem autorização",
  "emergency.note":
    "Só quando a vida ou a saúde do paciente não pode esperar e ninguém consegue autorizar. O paciente entra pelo link dele e você o admite. Seu nome e o motivo ficam no registro e na auditoria.",
  "emergency.reason": "Motivo da emergência",
  "emergency.reason.hint": "Por exemplo: paciente inconsciente, acompanhado por vizinho.",
  "emergency.confirm": "Liberar a entrada sem autorização",
  "emergency.done": "Entrada liberada sem autorização",
  "emergency.done.next": "Peça que toquem em “Entrar na consulta” na página do paciente.",
  "code.only_for_the_patient": "Isto vale só para o paciente",
  "code.only_for_the_patient.next": "As outras pessoas autorizam por si, no link de cada uma.",
  "code.already_authorised": "O paciente já autorizou",
  "code.already_authorised.next": "Não é preciso liberar: basta admitir.",
} as const;
