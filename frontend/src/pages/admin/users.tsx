/** /admin/usuarios: who of the staff may sign in. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { staff } from "../../api/staff";
import type { UserOut } from "../../api/types";
import { Button, ButtonLink } from "../../components/button";
import { Loading } from "../../components/loading";
import { useTitle } from "../../components/use-title";
import { useI18n } from "../../i18n";
import { Frame } from "../staff/frame";
import { Gate } from "../staff/gate";
import { ProblemNotice } from "../staff/problem";
import { NewUser } from "./new-user";

export default function UsersPage() {
  const { t } = useI18n();
  useTitle(`${t("users.title")} · ${t("app.name")}`);
  return (
    <Gate only="admin">
      {(user) => (
        <Frame user={user}>
          <Users self={user} />
        </Frame>
      )}
    </Gate>
  );
}

function Users({ self }: { self: UserOut }) {
  const { t } = useI18n();
  const [adding, setAdding] = useState(false);
  const users = useQuery({ queryKey: ["users"], queryFn: () => staff.users({ limit: 100 }) });
  return (
    <>
      <div aria-hidden={adding || undefined} className="grid grid-cols-1 gap-4">
        <div className="flex flex-wrap items-center justify-between gap-4">
          <h1 className="text-2xl font-semibold">{t("users.title")}</h1>
          <Button icon="plus" onClick={() => setAdding(true)}>
            {t("users.add")}
          </Button>
        </div>
        {users.isPending && <Loading label={t("app.loading")} />}
        {users.isError && <ProblemNotice error={users.error} onRetry={() => void users.refetch()} />}
        <ul className="grid grid-cols-1 gap-2">
          {users.data?.items.map((user) => (
            <li key={user.id}>
              <UserRow user={user} self={user.id === self.id} />
            </li>
          ))}
        </ul>
      </div>
      {adding && <NewUser onClose={() => setAdding(false)} />}
    </>
  );
}

function UserRow({ user, self }: { user: UserOut; self: boolean }) {
  const { t } = useI18n();
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const change = useMutation({
    mutationFn: (disabled: boolean) => staff.changeUser(user.id, { disabled }),
    onSettled: () => {
      setAsking(false);
      return client.invalidateQueries({ queryKey: ["users"] });
    },
  });
  return (
    <div className="flex flex-wrap items-center gap-x-6 gap-y-2 rounded-card border border-line bg-surface p-4">
      <div className="min-w-0 flex-1 basis-60">
        <p className="font-semibold">{user.name}</p>
        <p className="text-sm break-all text-muted">{user.email}</p>
      </div>
      <p className="text-sm">
        {t(`role.${user.role}`)}
        {user.council && <span className="block text-muted">{user.council}</span>}
      </p>
      <p className={`text-sm font-medium ${user.disabled ? "text-danger" : "text-ok"}`}>
        {t(user.disabled ? "users.disabled" : "users.active")}
      </p>
      {user.role === "doctor" && (
        <ButtonLink to={`/admin/usuarios/${user.id}/perfil`} look="quiet" size="small">
          {t("profile.edit")}
        </ButtonLink>
      )}
      {!self && !asking && (
        <Button
          look="secondary"
          size="small"
          disabled={change.isPending}
          onClick={() => (user.disabled ? change.mutate(false) : setAsking(true))}
        >
          {t(user.disabled ? "users.enable" : "users.disable")}
        </Button>
      )}
      {asking && (
        <div role="alert" className="flex w-full flex-wrap items-center gap-2">
          <p className="flex-1">{t("users.disable.ask", { name: user.name })}</p>
          <Button look="danger" size="small" onClick={() => change.mutate(true)}>
            {t("users.disable")}
          </Button>
          <Button look="secondary" size="small" onClick={() => setAsking(false)}>
            {t("app.cancel")}
          </Button>
        </div>
      )}
      {change.isError && <ProblemNotice error={change.error} />}
    </div>
  );
}
