import type { withdrawal as source } from "../pt-BR/withdrawal";

export const withdrawal: Record<keyof typeof source, string> = {
  "withdraw.title": "Withdraw the authorisation?",
  "withdraw.call": "The call ends for you now. Your camera and microphone are switched off.",
  "withdraw.entry":
    "Without the authorisation you do not enter the consultation, and you leave the waiting room.",
  "withdraw.record":
    "What has already happened stays in the record of the consultation, which the law says must be kept.",
  "withdraw.in_person": "You may ask the clinic to be seen in person. This does not harm your care.",
  "withdraw.return": "If you change your mind, authorise again and wait to be called.",
  "withdraw.confirm": "Withdraw the authorisation",
  "withdraw.keep": "Keep the authorisation",
};
