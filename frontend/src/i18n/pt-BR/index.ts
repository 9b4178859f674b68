/** The catalogue that says which keys exist. */
import { base } from "./base";
import { office } from "./office";
import { withdrawal } from "./withdrawal";

export const ptBR = { ...base, ...office, ...withdrawal } as const;
