/** What a page tells about a person's equipment; the link's token travels in the body only. */
import { api, fetchOk } from "./client";
import type { Cause, ReadinessOut, TestWish } from "./types";

const UPLOAD_BYTES = 48 * 1024;

export const readiness = {
  keepTest: (wish: TestWish) => api.post<ReadinessOut>("/readiness/tests", wish, { as: "none" }),
  /** Goes on while the page goes away. */
  tell: (token: string, cause: Cause | null, wantsPhone: boolean) =>
    api.post<void>(
      "/readiness/troubles",
      { token, cause, wants_phone: wantsPhone },
      { as: "none", keepalive: true },
    ),
  /** Bytes that cannot be made smaller on the way; how many came. */
  async download(): Promise<number> {
    const answer = await fetchOk("GET", "/readiness/sample", {
      as: "none",
      signal: AbortSignal.timeout(15_000),
    });
    return (await answer.arrayBuffer()).byteLength;
  },
  /** Sends bytes that nobody looks at; how many. */
  async upload(): Promise<number> {
    await api.post<void>("/readiness/sample", { pad: "x".repeat(UPLOAD_BYTES) }, { as: "none" });
    return UPLOAD_BYTES;
  },
};
