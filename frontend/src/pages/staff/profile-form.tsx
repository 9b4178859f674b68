import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { open } from "../../api/public";
import { renewStaff } from "../../api/session";
import { staff } from "../../api/staff";
import type { DoctorProfileOut, DoctorProfileWish } from "../../api/types";
import { Button } from "../../components/button";
import { Loading } from "../../components/loading";
import { useI18n } from "../../i18n";
import { AddressEntries, Entry, mistakes, StateEntry, typed } from "./paper-form";
import { ProblemNotice } from "./problem";

/** A doctor as documents name them; `userId` is null for one's own profile. */
export function ProfileForm({ userId }: { userId: string | null }) {
  const { t } = useI18n();
  const profile = useQuery({ queryKey: ["profile", userId], queryFn: () => staff.profile(userId) });
  return (
    <div className="grid max-w-3xl grid-cols-1 gap-4">
      <div>
        <h1 className="text-2xl font-semibold">
          {userId === null
            ? t("profile.title")
            : t("profile.of", { name: profile.data?.display_name ?? "…" })}
        </h1>
        {userId === null && <p className="text-muted">{t("profile.lead")}</p>}
      </div>
      {profile.isPending && <Loading label={t("app.loading")} />}
      {profile.isError && <ProblemNotice error={profile.error} onRetry={() => void profile.refetch()} />}
      {profile.data && <Form userId={userId} known={profile.data} />}
    </div>
  );
}

export function wishOf(form: FormData): DoctorProfileWish {
  const { text, state } = typed(form);
  return {
    display_name: text("display_name") ?? "",
    crm_number: text("crm_number"),
    crm_uf: state("crm_uf"),
    specialty: text("specialty"),
    rqe: (text("rqe") ?? "").split(/[,;]/).flatMap((one) => one.trim() || []),
    address: text("address"),
    city: text("city"),
    uf: state("uf"),
    postal_code: text("postal_code"),
  };
}

function Form({ userId, known }: { userId: string | null; known: DoctorProfileOut }) {
  const { t } = useI18n();
  const client = useQueryClient();
  // The clinic's address, once it was asked for; fields begin anew with it.
  const [address, setAddress] = useState<Parameters<typeof AddressEntries>[0]["known"]>(known);
  const save = useMutation({
    mutationFn: (wish: DoctorProfileWish) => staff.saveProfile(userId, wish),
    onSuccess: (saved) => {
      client.setQueryData(["profile", userId], saved);
      void client.invalidateQueries({ queryKey: ["users"] });
      // The name stands on every page.
      if (userId === null) void renewStaff();
    },
  });
  const copy = useMutation({ mutationFn: () => open.clinic(), onSuccess: setAddress });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    save.mutate(wishOf(new FormData(event.currentTarget)));
  };
  const wrong = mistakes(save.error, t);
  return (
    <form
      onSubmit={submit}
      onChange={() => save.reset()}
      className="grid grid-cols-1 gap-4 rounded-card border border-line bg-surface p-5"
    >
      <Entry
        name="display_name"
        label={t("profile.name")}
        known={known.display_name}
        wrong={wrong}
        required
      />
      <div className="grid gap-4 sm:grid-cols-[2fr_1fr]">
        <Entry
          name="crm_number"
          label={t("profile.crm")}
          known={known.crm_number}
          wrong={wrong}
          inputMode="numeric"
        />
        <StateEntry name="crm_uf" known={known.crm_uf} wrong={wrong} />
      </div>
      <Entry
        name="specialty"
        label={t("profile.specialty")}
        hint={t("profile.specialty.hint")}
        known={known.specialty}
        wrong={wrong}
      />
      <Entry
        name="rqe"
        label={t("profile.rqe")}
        hint={t("profile.rqe.hint")}
        known={known.rqe.join(", ")}
        wrong={wrong}
      />
      <div className="flex flex-wrap items-center justify-between gap-2 pt-2">
        <h2 className="text-lg font-semibold">{t("profile.address.title")}</h2>
        <Button look="secondary" size="small" disabled={copy.isPending} onClick={() => copy.mutate()}>
          {t("profile.address.clinic")}
        </Button>
      </div>
      <AddressEntries
        key={JSON.stringify([address.address, address.city, address.uf, address.postal_code])}
        known={address}
        wrong={wrong}
      />
      {save.isError && <ProblemNotice error={save.error} />}
      {copy.isError && <ProblemNotice error={copy.error} />}
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
