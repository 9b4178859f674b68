import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { staff } from "../../api/staff";
import type { InvitationOut, RoomOut } from "../../api/types";
import { Button } from "../../components/button";
import { CopyButton } from "../../components/copy-button";
import { type I18n, useI18n } from "../../i18n";
import { ProblemNotice } from "../staff/problem";
import { CloseRoom } from "./close-room";
import { Companion } from "./companion";
import { Emergency } from "./emergency";

/** How the invitation's e-mail fares, in words. */
export function deliveryWords(
  invitation: InvitationOut,
  { t, term, format }: Pick<I18n, "t" | "term" | "format">,
): string {
  if (invitation.state === "revoked") return t("invite.state.revoked");
  if (invitation.state === "expired") return t("invite.state.expired");
  if (invitation.opened_at) return t("invite.opened", { time: format.time(invitation.opened_at) });
  if (invitation.delivery !== "sent" && invitation.delivery_code)
    return term("delivery", invitation.delivery_code);
  if (invitation.delivery !== "sent") return t(`invite.delivery.${invitation.delivery}`);
  return t("invite.delivery.sent", { time: format.time(invitation.sent_at ?? invitation.created_at) });
}

/** Everybody invited to a room: copy, send again, withdraw, invite one more; and closing the room, if asked for. */
export function Invitations({ room, closable = true }: { room: RoomOut; closable?: boolean }) {
  return (
    <div className="grid grid-cols-1 gap-3 border-t border-line pt-3">
      <ul className="grid grid-cols-1 gap-3">
        {room.invitations.map((invitation) => (
          <li key={invitation.id}>
            <Invitation invitation={invitation} />
          </li>
        ))}
      </ul>
      <Companion roomId={room.id} />
      {closable && <CloseRoom roomId={room.id} />}
    </div>
  );
}

function Invitation({ invitation }: { invitation: InvitationOut }) {
  const i18n = useI18n();
  const { t } = i18n;
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const [emergency, setEmergency] = useState(false);
  const refresh = () => client.invalidateQueries({ queryKey: ["rooms"] });
  const resend = useMutation({ mutationFn: () => staff.resend(invitation.id), onSettled: refresh });
  const revoke = useMutation({
    mutationFn: () => staff.revoke(invitation.id),
    onSettled: () => {
      setAsking(false);
      return refresh();
    },
  });
  const active = invitation.state === "active";
  const problem = resend.error ?? revoke.error;
  return (
    <div className="grid grid-cols-1 gap-2 rounded-card bg-sunken p-3">
      <p>
        <strong>{invitation.name}</strong> · {t(`role.${invitation.role}`)}
        <br />
        <span className={`text-sm ${invitation.delivery === "failed" ? "text-danger" : "text-muted"}`}>
          {deliveryWords(invitation, i18n)}
        </span>
      </p>
      {problem && <ProblemNotice error={problem} />}
      {active && !asking && (
        <div className="flex flex-wrap items-center gap-2">
          {invitation.link && (
            <CopyButton text={invitation.link} label={t("room.copy")} done={t("app.copied")} />
          )}
          {invitation.email && (
            <Button
              look="secondary"
              size="small"
              icon="mail"
              disabled={resend.isPending}
              onClick={() => resend.mutate()}
            >
              {t("room.resend")}
            </Button>
          )}
          <Button look="quiet" size="small" className="text-danger" onClick={() => setAsking(true)}>
            {t("room.revoke")}
          </Button>
          {invitation.role === "patient" && !emergency && (
            <Button look="quiet" size="small" onClick={() => setEmergency(true)}>
              {t("emergency.open")}
            </Button>
          )}
        </div>
      )}
      {active && !asking && emergency && (
        <Emergency participantId={invitation.participant_id} onClose={() => setEmergency(false)} />
      )}
      {asking && (
        <div role="alert" className="grid gap-2">
          <p>{t("room.revoke.ask", { name: invitation.name })}</p>
          <div className="flex flex-wrap gap-2">
            <Button look="danger" size="small" disabled={revoke.isPending} onClick={() => revoke.mutate()}>
              {t("room.revoke.confirm")}
            </Button>
            <Button look="secondary" size="small" onClick={() => setAsking(false)}>
              {t("app.cancel")}
            </Button>
          </div>
        </div>
      )}
    </div>
  );
}
