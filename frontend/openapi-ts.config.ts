import { defineConfig } from "@hey-api/openapi-ts";

/** Types of the REST API and of the socket messages' models, from the server's own description. */
export default defineConfig({
  input: "../backend/openapi.json",
  output: "src/api/generated",
  plugins: ["@hey-api/typescript"],
});
