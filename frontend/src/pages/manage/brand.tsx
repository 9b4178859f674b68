/** /admin/gestao/marca: the clinic's logo and colour, as patients see them. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type ChangeEvent, type FormEvent, useId, useState } from "react";
import { ApiError } from "../../api/client";
import { office } from "../../api/office";
import type { BrandOut } from "../../api/types";
import { Button } from "../../components/button";
import { Field } from "../../components/field";
import { Loading } from "../../components/loading";
import { Notice } from "../../components/notice";
import { onServer } from "../../config";
import { useI18n } from "../../i18n";
import { ProblemNotice } from "../staff/problem";
import { smallPicture } from "./picture";
import { Section } from "./section";

const OWN = "#0f766e";

export default function BrandPage() {
  const { t } = useI18n();
  return (
    <Section title={t("manage.brand")} lead={t("brand.lead")}>
      <Brand />
    </Section>
  );
}

function Brand() {
  const { t } = useI18n();
  const brand = useQuery({ queryKey: ["brand"], queryFn: office.brand });
  if (brand.isPending) return <Loading label={t("app.loading")} />;
  if (brand.isError) return <ProblemNotice error={brand.error} onRetry={() => void brand.refetch()} />;
  return (
    <div className="grid max-w-3xl grid-cols-1 gap-4">
      <Logo brand={brand.data} />
      <Colour brand={brand.data} />
    </div>
  );
}

function useSaved() {
  const client = useQueryClient();
  return { onSuccess: (saved: BrandOut) => client.setQueryData(["brand"], saved) };
}

function Logo({ brand }: { brand: BrandOut }) {
  const { t } = useI18n();
  const id = useId();
  const saved = useSaved();
  const save = useMutation({
    mutationFn: async (file: File | null) =>
      file ? office.saveLogo(await smallPicture(file)) : office.removeLogo(),
    ...saved,
  });
  const choose = (event: ChangeEvent<HTMLInputElement>) => {
    const [file] = event.target.files ?? [];
    if (file) save.mutate(file);
    event.target.value = "";
  };
  const noPicture = save.isError && !(save.error instanceof ApiError);
  return (
    <section className="grid grid-cols-1 gap-3 rounded-card border border-line bg-surface p-5">
      <h2 className="text-lg font-semibold">{t("brand.logo")}</h2>
      {brand.logo ? (
        <img
          src={onServer(brand.logo)}
          alt={t("brand.logo")}
          className="max-h-20 max-w-full justify-self-start rounded bg-white p-2"
        />
      ) : (
        <p className="text-muted">{t("brand.logo.none")}</p>
      )}
      <div className="grid gap-1">
        <label htmlFor={id} className="font-medium">
          {t("brand.logo.choose")}
        </label>
        <input
          id={id}
          type="file"
          className="w-full min-w-0"
          accept="image/png,image/jpeg"
          disabled={save.isPending}
          onChange={choose}
        />
        <p className="text-sm text-muted">{t("brand.logo.hint")}</p>
      </div>
      {brand.logo && (
        <div>
          <Button look="secondary" size="small" disabled={save.isPending} onClick={() => save.mutate(null)}>
            {t("brand.logo.remove")}
          </Button>
        </div>
      )}
      {noPicture && (
        <Notice tone="problem" title={t("code.brand_not_a_logo")}>
          <p>{t("code.brand_not_a_logo.next")}</p>
        </Notice>
      )}
      {save.isError && !noPicture && <ProblemNotice error={save.error} />}
    </section>
  );
}

function Colour({ brand }: { brand: BrandOut }) {
  const { t } = useI18n();
  const [chosen, setChosen] = useState(brand.accent ?? OWN);
  const saved = useSaved();
  const save = useMutation({ mutationFn: (accent: string | null) => office.saveColour(accent), ...saved });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    save.mutate(chosen);
  };
  return (
    <section className="grid grid-cols-1 gap-3 rounded-card border border-line bg-surface p-5">
      <h2 className="text-lg font-semibold">{t("brand.colour")}</h2>
      <form onSubmit={submit} className="flex flex-wrap items-end gap-3">
        <div className="w-40">
          <Field
            label={t("brand.colour.choose")}
            type="color"
            value={chosen}
            onChange={(event) => {
              save.reset();
              setChosen(event.target.value);
            }}
          />
        </div>
        <Button type="submit" disabled={save.isPending}>
          {t("form.save")}
        </Button>
        {brand.accent && (
          <Button
            look="secondary"
            disabled={save.isPending}
            onClick={() => {
              setChosen(OWN);
              save.mutate(null);
            }}
          >
            {t("brand.colour.own")}
          </Button>
        )}
      </form>
      <p className="text-sm text-muted">{t("brand.colour.hint")}</p>
      {save.isError && <ProblemNotice error={save.error} />}
      <p role="status" className="font-medium text-ok">
        {save.isSuccess && t("form.saved")}
      </p>
    </section>
  );
}
