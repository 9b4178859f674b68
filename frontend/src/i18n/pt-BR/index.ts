/** The catalogue that says which keys exist. */
import { base } from "./base";
import { office } from "./office";

export const ptBR = { ...base, ...office } as const;
