/** /admin/usuarios: who of the staff may sign in. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { staff } from "../../api/staff";
import type { UserOut } from "../../api/types";
import { Button } from "../../components/button";
import { Loading } from "../../components/loading";
import { useTitle } from "../../components/use-title";
import { useI18n } from "../../i18n";
import { Frame } from "../staff/frame";
import { Gate } from "../staff/gate";
import { ProblemNotice } from "../staff/problem";
import { NewUser } from "./new-user";
import { UserRow } from "./user-row";

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
