interface ImportMetaEnv {
  /** Backend of another origin, e.g. `https://api.clinic.example`. */
  readonly VITE_BACKEND_URL?: string;
  /** Test-only relay override; see config.ts. */
  readonly VITE_TURN_SERVER?: string;
}
