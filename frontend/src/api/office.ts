/** What only administrators may ask, beyond users and clinic. */
import { api, fetchOk } from "./client";
import type {
  AccessOut,
  BrandOut,
  CheckupOut,
  IncidentCreate,
  IncidentEntryCreate,
  IncidentOut,
  IncidentsOut,
  LanguageTag,
  Page,
  PeopleOut,
  RetentionKind,
  RetentionOut,
  RetentionRunOut,
  WebhookCreate,
  WebhookDeliveryOut,
  WebhookOut,
  WebhookPatch,
  WebhookSecretOut,
  WebhooksOut,
} from "./types";

type Query = Record<string, string | number | null | undefined>;

/** All that is kept of one person, as a ZIP; with the doctors' notes only when they are asked for. */
async function subjectFile(id: string, notes: boolean): Promise<Blob> {
  const response = await fetchOk("POST", `/people/${id}/export`, { body: { notes } });
  return response.blob();
}

async function incidentsFile(): Promise<Blob> {
  const response = await fetchOk("GET", "/incidents.json");
  return response.blob();
}

export const office = {
  webhooks: () => api.get<WebhooksOut>("/webhooks"),
  addWebhook: (wish: WebhookCreate) => api.post<WebhookSecretOut>("/webhooks", wish),
  changeWebhook: (id: string, wish: WebhookPatch) => api.patch<WebhookOut>(`/webhooks/${id}`, wish),
  renewSecret: (id: string) => api.post<WebhookSecretOut>(`/webhooks/${id}/secret`),
  testWebhook: (id: string) => api.post<WebhookDeliveryOut>(`/webhooks/${id}/test`),
  deliveries: (id: string, query: Query = {}) =>
    api.get<Page<WebhookDeliveryOut>>(`/webhooks/${id}/deliveries`, { query }),
  retention: () => api.get<RetentionOut>("/retention"),
  changeRetention: (kind: RetentionKind, days: number) =>
    api.put<RetentionOut>(`/retention/${kind}`, { days }),
  previewRetention: () => api.post<RetentionRunOut>("/retention/previews"),
  runRetention: (previewId: string) => api.post<RetentionRunOut>(`/retention/previews/${previewId}/run`),
  auditActions: () => api.get<{ items: string[] }>("/audit/actions"),
  accesses: (query: Query = {}) => api.get<Page<AccessOut>>("/accesses", { query }),
  people: (query: string) => api.post<PeopleOut>("/people/search", { query }),
  subjectFile,
  incidents: () => api.get<IncidentsOut>("/incidents"),
  addIncident: (wish: IncidentCreate) => api.post<IncidentOut>("/incidents", wish),
  addEntry: (id: string, wish: IncidentEntryCreate) =>
    api.post<IncidentOut>(`/incidents/${id}/entries`, wish),
  incidentsFile,
  /** Takes seconds: the server asks everything it stands on. */
  checkup: (language: LanguageTag) => api.post<CheckupOut>("/checkup", { language }),
  brand: () => api.get<BrandOut>("/clinic/brand"),
  saveColour: (accent: string | null) => api.put<BrandOut>("/clinic/brand", { accent }),
  saveLogo: (data: string) => api.put<BrandOut>("/clinic/logo", { data }),
  removeLogo: () => api.delete<BrandOut>("/clinic/logo"),
};
