/** Every page of an administrator, but those of one record or one person. */
export const ADMINS_PAGES = [
  "/admin",
  "/admin/auditoria",
  "/admin/usuarios",
  "/admin/clinica",
  "/admin/gestao",
  "/admin/gestao/avisos",
  "/admin/gestao/prazos",
  "/admin/gestao/acessos",
  "/admin/gestao/titulares",
  "/admin/gestao/marca",
  "/admin/gestao/diagnostico",
  "/admin/gestao/incidentes",
  "/seguranca",
  "/verificar",
] as const;
