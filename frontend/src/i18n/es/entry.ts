import type { entry as source } from "../pt-BR/entry";

export const entry: Record<keyof typeof source, string> = {
  "start.title": "Consulta por video, directo en el navegador",
  "start.lead":
    "Médico y paciente se encuentran por un enlace personal, sin instalar nada y sin crear cuenta. La imagen y el sonido van directo de un dispositivo al otro, cifrados.",
  "start.link.title": "Recibí un enlace",
  "start.link.body":
    "Abra el correo de la clínica en un celular o computador con cámara y toque el botón de la consulta. Cada enlace es de una sola persona: no lo comparta.",
  "start.link.lost":
    "¿No encuentra el correo? Busque también en spam o pida a la clínica que lo envíe de nuevo.",
  "start.link.webview":
    'Si el enlace se abre dentro de otra aplicación y la cámara no funciona, elija "Abrir en el navegador".',
  "start.staff.title": "Soy de la clínica",
  "start.staff.body": "Agenda, sala de espera e historial de consultas.",
  "start.staff.enter": "Entrar en mi cuenta",
  "start.staff.back": "Ir a mi panel",
  "start.record":
    "Este servicio guarda el registro de la consulta y lo exporta. No sustituye la historia clínica.",
  "start.region": "Datos alojados en: {region}",
  "start.test": "Probar cámara y micrófono",
  "signin.title": "Entrar",
  "signin.lead": "Para médicos y administración de la clínica.",
  "signin.email": "Correo electrónico",
  "signin.password": "Contraseña",
  "signin.submit": "Entrar",
  "signin.waiting": "Entrando…",
  "signin.patient": "¿Es paciente? No necesita cuenta: abra el enlace de su correo.",
  "demo.title": "Demostración",
  "demo.lead": "Estas cuentas son de prueba. Nada aquí llega a personas reales.",
  "demo.doctor": "Médica",
  "demo.admin": "Administración",
  "demo.password": "Contraseña de ambas cuentas",
  "demo.enter_doctor": "Entrar como médica",
  "demo.enter_admin": "Entrar como administración",
  "demo.two": "Probar una consulta con dos pestañas",
  "demo.outbox": "Correos enviados",
  "demo.outbox.lead": "En la demostración, los correos quedan aquí en vez de salir.",
  "demo.outbox.empty":
    "Ningún correo todavía. Entre como médica y cree una consulta: la invitación aparece aquí.",
  "demo.outbox.refresh": "Actualizar",
  "demo.mail.to": "Para {to}",
  "demo.mail.open": "Abrir el enlace",
  "demo.mail.read": "Leer el correo",
  "test.title": "Prueba de video",
  "test.lead":
    "Abra esta página en dos pestañas o en dos dispositivos y elija un papel en cada uno. Las dos personas se encuentran en la misma consulta de prueba.",
  "test.doctor": "Iniciar como Médico",
  "test.patient": "Entrar como Paciente",
  "test.equipment.lead": "Vea si la cámara, el micrófono y el sonido de este dispositivo funcionan.",
  "test.note": "La consulta de prueba no guarda datos de nadie.",
};
