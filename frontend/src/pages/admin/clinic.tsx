/** /admin/clinica: who the clinic is, as the law wants it named. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { open } from "../../api/public";
import { staff } from "../../api/staff";
import type { ClinicOut, ClinicWish } from "../../api/types";
import { Button } from "../../components/button";
import { SelectField } from "../../components/field";
import { Loading } from "../../components/loading";
import { useTitle } from "../../components/use-title";
import { useI18n } from "../../i18n";
import { Frame } from "../staff/frame";
import { Gate } from "../staff/gate";
import { AddressEntries, Entry, mistakes, StateEntry, typed } from "../staff/paper-form";
import { ProblemNotice } from "../staff/problem";
import { ZONES } from "../staff/states";

export default function ClinicPage() {
  const { t } = useI18n();
  useTitle(`${t("clinic.title")} · ${t("app.name")}`);
  return (
    <Gate only="admin">
      {(user) => (
        <Frame user={user}>
          <Clinic />
        </Frame>
      )}
    </Gate>
  );
}

function Clinic() {
  const { t } = useI18n();
  const clinic = useQuery({ queryKey: ["clinic"], queryFn: () => open.clinic() });
  return (
    <div className="grid max-w-3xl grid-cols-1 gap-4">
      <div>
        <h1 className="text-2xl font-semibold">{t("clinic.title")}</h1>
        <p className="text-muted">{t("clinic.lead")}</p>
      </div>
      {clinic.isPending && <Loading label={t("app.loading")} />}
      {clinic.isError && <ProblemNotice error={clinic.error} onRetry={() => void clinic.refetch()} />}
      {clinic.data && <Form known={clinic.data} />}
    </div>
  );
}

function wishOf(form: FormData): ClinicWish {
  const { text, state } = typed(form);
  return {
    legal_name: text("legal_name"),
    trade_name: text("trade_name"),
    cnpj: text("cnpj"),
    crm_pj: text("crm_pj"),
    crm_pj_uf: state("crm_pj_uf"),
    address: text("address"),
    city: text("city"),
    uf: state("uf"),
    postal_code: text("postal_code"),
    phone: text("phone"),
    time_zone: text("time_zone") ?? "America/Sao_Paulo",
    director_name: text("director_name"),
    director_crm: text("director_crm"),
    director_uf: state("director_uf"),
  };
}

function Form({ known }: { known: ClinicOut }) {
  const { t } = useI18n();
  const client = useQueryClient();
  const save = useMutation({
    mutationFn: (wish: ClinicWish) => staff.saveClinic(wish),
    onSuccess: (saved) => client.setQueryData(["clinic"], saved),
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    save.mutate(wishOf(new FormData(event.currentTarget)));
  };
  const wrong = mistakes(save.error, t);
  const zones = ZONES.map(([value, label]) => ({ value, label }));
  if (!zones.some(({ value }) => value === known.time_zone))
    zones.unshift({ value: known.time_zone, label: known.time_zone });
  return (
    <form
      onSubmit={submit}
      onChange={() => save.reset()}
      noValidate
      className="grid grid-cols-1 gap-4 rounded-card border border-line bg-surface p-5"
    >
      <Entry name="legal_name" label={t("clinic.legal_name")} known={known.legal_name} wrong={wrong} />
      <Entry name="trade_name" label={t("clinic.trade_name")} known={known.trade_name} wrong={wrong} />
      <Entry
        name="cnpj"
        label={t("clinic.cnpj")}
        hint={t("clinic.cnpj.hint")}
        known={known.cnpj}
        wrong={wrong}
        autoComplete="off"
      />
      <Registration
        name="crm_pj"
        label={t("clinic.crm_pj")}
        known={known.crm_pj}
        uf={known.crm_pj_uf}
        wrong={wrong}
      />
      <AddressEntries known={known} wrong={wrong} />
      <Entry name="phone" label={t("clinic.phone")} known={known.phone} wrong={wrong} type="tel" />
      <SelectField
        label={t("clinic.time_zone")}
        name="time_zone"
        defaultValue={known.time_zone}
        choices={zones}
      />
      <h2 className="pt-2 text-lg font-semibold">{t("clinic.director")}</h2>
      <Entry
        name="director_name"
        label={t("clinic.director_name")}
        known={known.director_name}
        wrong={wrong}
      />
      <Registration
        name="director_crm"
        stateName="director_uf"
        label={t("profile.crm")}
        known={known.director_crm}
        uf={known.director_uf}
        wrong={wrong}
      />
      {save.isError && <ProblemNotice error={save.error} />}
      <div className="flex flex-wrap items-center gap-4">
        <Button type="submit" disabled={save.isPending}>
          {t("form.save")}
        </Button>
        <p role="status" className="font-medium text-ok">
          {save.isSuccess && t("form.saved")}
        </p>
      </div>
    </form>
  );
}

function Registration({
  name,
  stateName = `${name}_uf`,
  label,
  known,
  uf,
  wrong,
}: {
  name: string;
  stateName?: string;
  label: string;
  known: string | null;
  uf: string | null;
  wrong: Record<string, string>;
}) {
  return (
    <div className="grid gap-4 sm:grid-cols-[2fr_1fr]">
      <Entry name={name} label={label} known={known} wrong={wrong} inputMode="numeric" />
      <StateEntry name={stateName} known={uf} wrong={wrong} />
    </div>
  );
}
