/** Whether a file is the one that was issued, without sending it anywhere. */

/** `more`: it begins with the issued document, and something was added behind, as digital signatures are. */
export type Compared = "same" | "more" | "other";

export async function compare(file: Blob, issued: { sha256: string; size: number }): Promise<Compared> {
  if (file.size < issued.size) return "other";
  const part = await file.slice(0, issued.size).arrayBuffer();
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", part));
  const hex = Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
  if (hex !== issued.sha256) return "other";
  return file.size === issued.size ? "same" : "more";
}
