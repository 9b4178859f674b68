import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { staff } from "../../api/staff";
import type { UserOut } from "../../api/types";
import { Button, ButtonLink } from "../../components/button";
import { type I18n, useI18n } from "../../i18n";
import { ProblemNotice } from "../staff/problem";

/** What an administrator may do to somebody else's account. */
export type Act = "disable" | "enable" | "resend" | "reset" | "factor" | "role";

/** The acts that make sense for this account, in the order of their buttons. */
export function actsFor(user: UserOut): Act[] {
  if (user.disabled) return ["enable"];
  return [
    user.pending ? "resend" : "reset",
    ...(user.second_factor ? (["factor"] as const) : []),
    "role",
    "disable",
  ];
}

const otherRole = (user: UserOut) => (user.role === "admin" ? "doctor" : "admin");

function nameOf(act: Act, user: UserOut, { t }: I18n): string {
  const names: Record<Act, string> = {
    disable: t("users.disable"),
    enable: t("users.enable"),
    resend: t("users.resend"),
    reset: t("users.reset"),
    factor: t("users.factor.remove"),
    role: t(`users.role.to_${otherRole(user)}`),
  };
  return names[act];
}

/** What is asked before it is done; null for what takes nothing away. */
export function questionOf(act: Act, user: UserOut, { t }: Pick<I18n, "t">): string | null {
  const { name } = user;
  switch (act) {
    case "disable":
      return t("users.disable.ask", { name });
    case "reset":
      return t("users.reset.ask", { name });
    case "factor":
      return t("users.factor.ask", { name });
    case "role":
      return t("users.role.ask", { name, role: t(`role.${otherRole(user)}`) });
    default:
      return null;
  }
}

export function UserRow({ user, self }: { user: UserOut; self: boolean }) {
  const i18n = useI18n();
  const { t, language } = i18n;
  const client = useQueryClient();
  const [asking, setAsking] = useState<Act | null>(null);
  const act = useMutation({
    mutationFn: async (what: Act): Promise<unknown> => {
      if (what === "disable" || what === "enable")
        return staff.changeUser(user.id, { disabled: what === "disable" });
      if (what === "role") return staff.changeUser(user.id, { role: otherRole(user) });
      if (what === "factor") return staff.removeFactorOf(user.id);
      return staff.sendPasswordLink(user.id, language);
    },
    onSettled: () => {
      setAsking(null);
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
      <Standing user={user} />
      {!self && asking === null && (
        <div className="flex w-full flex-wrap gap-2">
          {user.role === "doctor" && (
            <ButtonLink to={`/admin/usuarios/${user.id}/perfil`} look="secondary" size="small">
              {t("profile.edit")}
            </ButtonLink>
          )}
          {actsFor(user).map((what) => (
            <Button
              key={what}
              look="secondary"
              size="small"
              disabled={act.isPending}
              onClick={() => (questionOf(what, user, i18n) ? setAsking(what) : act.mutate(what))}
            >
              {nameOf(what, user, i18n)}
            </Button>
          ))}
        </div>
      )}
      {asking && (
        <div role="alert" className="flex w-full flex-wrap items-center gap-2 border-t border-line pt-3">
          <p className="flex-1 basis-60">{questionOf(asking, user, i18n)}</p>
          <Button look="danger" size="small" disabled={act.isPending} onClick={() => act.mutate(asking)}>
            {nameOf(asking, user, i18n)}
          </Button>
          <Button look="secondary" size="small" onClick={() => setAsking(null)}>
            {t("app.cancel")}
          </Button>
        </div>
      )}
      {act.isError && <ProblemNotice error={act.error} />}
    </div>
  );
}

/** Whether they can sign in, and what is missing until they can. */
function Standing({ user }: { user: UserOut }) {
  const { t } = useI18n();
  const look = user.disabled ? "text-danger" : user.pending ? "text-warn" : "text-ok";
  const word = user.disabled
    ? t("users.disabled")
    : user.pending
      ? t(`users.pending.${user.pending}`)
      : t("users.active");
  const failed = user.letter === "failed";
  return (
    <p className={`text-sm font-medium ${look}`}>
      {word}
      {user.letter && !user.disabled && (
        <span className={`block font-normal ${failed ? "text-danger" : "text-muted"}`}>
          {t(`users.letter.${user.letter}`)}
        </span>
      )}
      {user.second_factor && <span className="block font-normal text-muted">{t("users.factor")}</span>}
    </p>
  );
}
