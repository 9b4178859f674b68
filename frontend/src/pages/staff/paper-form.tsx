/** What the forms of the clinic's and the doctors' profiles share. */
import type { InputHTMLAttributes } from "react";
import { ApiError } from "../../api/client";
import { Field, SelectField } from "../../components/field";
import { type I18n, useI18n } from "../../i18n";
import { STATES, type State } from "./states";

/** The fields of a form as they are typed; what is blank is null. */
export function typed(form: FormData) {
  return {
    text: (name: string) => String(form.get(name) ?? "").trim() || null,
    state: (name: string): State | null => STATES.find((one) => one === form.get(name)) ?? null,
  };
}

/** What the server says is wrong with each field, in words. */
export function mistakes(error: unknown, t: I18n["t"]): Record<string, string> {
  const found = error instanceof ApiError ? (error.problem.errors ?? []) : [];
  return Object.fromEntries(
    found.map(({ field, code }) => [
      field.split(".")[0] ?? "",
      code === "cnpj"
        ? t("form.wrong.cnpj")
        : code === "state_missing"
          ? t("form.wrong.state")
          : t("form.wrong"),
    ]),
  );
}

interface Entry extends InputHTMLAttributes<HTMLInputElement> {
  name: string;
  label: string;
  hint?: string;
  wrong: Record<string, string>;
  value?: never;
  known: string | null | undefined;
}

export function Entry({ wrong, known, name, ...rest }: Entry) {
  return (
    <Field {...rest} name={name} defaultValue={known ?? ""} error={wrong[name] ?? null} maxLength={200} />
  );
}

export function StateEntry({
  name,
  label,
  known,
  wrong,
}: {
  name: string;
  label?: string;
  known: string | null | undefined;
  wrong: Record<string, string>;
}) {
  const { t } = useI18n();
  return (
    <SelectField
      label={label ?? t("form.uf")}
      name={name}
      defaultValue={known ?? ""}
      error={wrong[name] ?? null}
      choices={[
        { value: "", label: t("form.uf.none") },
        ...STATES.map((one) => ({ value: one, label: one })),
      ]}
    />
  );
}

/** An address as both profiles have it. */
export function AddressEntries({
  known,
  wrong,
}: {
  known: { address: string | null; city: string | null; uf: string | null; postal_code: string | null };
  wrong: Record<string, string>;
}) {
  const { t } = useI18n();
  return (
    <>
      <Entry name="address" label={t("form.address")} known={known.address} wrong={wrong} />
      <div className="grid gap-4 sm:grid-cols-[2fr_1fr_1fr]">
        <Entry name="city" label={t("form.city")} known={known.city} wrong={wrong} />
        <StateEntry name="uf" known={known.uf} wrong={wrong} />
        <Entry
          name="postal_code"
          label={t("form.postal_code")}
          known={known.postal_code}
          wrong={wrong}
          inputMode="numeric"
        />
      </div>
    </>
  );
}
