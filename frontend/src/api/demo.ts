/** What exists only where the demo is switched on. */
import { api } from "./client";
import type { DemoOut, DemoSeat, OutboxMailFull } from "./types";

export const demo = {
  overview: () => api.get<DemoOut>("/demo", { as: "none" }),
  mail: (id: string) => api.get<OutboxMailFull>(`/demo/outbox/${encodeURIComponent(id)}`, { as: "none" }),
  sit: (role: "doctor" | "patient") => api.post<DemoSeat>("/demo/seats", { role }, { as: "none" }),
};
