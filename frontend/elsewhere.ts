/** What a build for a host of static files needs beside the app: headers, redirects, a policy that names the server. */
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Plugin } from "vite";

const TEMPLATES = resolve(import.meta.dirname, "../infra/static");

/** `backend` is VITE_BACKEND_URL: the server's origin. Throws when it is none, so that no build goes out that cannot work. */
export function elsewhere(backend: string): Plugin {
  const server = new URL(backend);
  if (server.protocol !== "https:" || server.pathname !== "/")
    throw new Error("VITE_BACKEND_URL must be an https origin, as in https://api.example.org");
  const origin = server.origin;
  const socket = origin.replace("https:", "wss:");
  const filled = (name: string) =>
    readFileSync(join(TEMPLATES, name), "utf8").replaceAll("BACKEND", origin).replaceAll("SOCKET", socket);
  return {
    name: "elsewhere",
    apply: "build",
    generateBundle() {
      this.emitFile({ type: "asset", fileName: "_headers", source: filled("_headers") });
      this.emitFile({ type: "asset", fileName: "_redirects", source: filled("_redirects") });
    },
    // Where headers cannot know the server's address (infra/vercel.json) they allow any, and the page itself only this one.
    transformIndexHtml: () => [
      {
        tag: "meta",
        attrs: {
          "http-equiv": "Content-Security-Policy",
          content: `connect-src 'self' ${origin} ${socket}; img-src 'self' data: blob: ${origin}`,
        },
        injectTo: "head-prepend",
      },
    ],
  };
}
