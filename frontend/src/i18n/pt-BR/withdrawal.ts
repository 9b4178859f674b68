/** What taking an authorisation back means. */
export const withdrawal = {
  "withdraw.title": "Retirar a autorização?",
  "withdraw.call": "A chamada termina agora para você. Sua câmera e seu microfone se desligam.",
  "withdraw.entry": "Sem autorização você não entra na consulta e sai da sala de espera.",
  "withdraw.record": "O que já aconteceu continua no registro da consulta, que a lei manda guardar.",
  "withdraw.in_person":
    "Você pode pedir à clínica para ser atendido(a) pessoalmente. Isso não prejudica o seu atendimento.",
  "withdraw.return": "Se mudar de ideia, autorize de novo e espere ser chamado(a).",
  "withdraw.confirm": "Retirar a autorização",
  "withdraw.keep": "Manter a autorização",
} as const;
