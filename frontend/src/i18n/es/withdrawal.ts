import type { withdrawal as source } from "../pt-BR/withdrawal";

export const withdrawal: Record<keyof typeof source, string> = {
  "withdraw.title": "¿Retirar la autorización?",
  "withdraw.call": "La llamada termina ahora para usted. Su cámara y su micrófono se apagan.",
  "withdraw.entry": "Sin autorización usted no entra en la consulta y sale de la sala de espera.",
  "withdraw.record": "Lo que ya ocurrió sigue en el registro de la consulta, que la ley manda guardar.",
  "withdraw.in_person": "Puede pedir a la clínica que le atiendan en persona. Esto no perjudica su atención.",
  "withdraw.return": "Si cambia de idea, autorice de nuevo y espere a que le llamen.",
  "withdraw.confirm": "Retirar la autorización",
  "withdraw.keep": "Mantener la autorización",
};
