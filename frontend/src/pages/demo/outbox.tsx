import { useState } from "react";
import { codeOf } from "../../api/client";
import { demo } from "../../api/demo";
import type { OutboxMail, OutboxMailFull } from "../../api/types";
import { Button } from "../../components/button";
import { Dialog } from "../../components/dialog";
import { Loading } from "../../components/loading";
import { useI18n } from "../../i18n";

/** The mails that would have left, newest first; each can be read and its link opened. */
export function Outbox({ mails, onRefresh }: { mails: readonly OutboxMail[]; onRefresh: () => void }) {
  const { t, format } = useI18n();
  const [reading, setReading] = useState<OutboxMail | null>(null);
  return (
    <section aria-labelledby="outbox" className="grid grid-cols-1 gap-3 border-t border-line pt-4">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h3 id="outbox" className="text-lg font-semibold">
          {t("demo.outbox")}
        </h3>
        <Button look="quiet" size="small" onClick={onRefresh}>
          {t("demo.outbox.refresh")}
        </Button>
      </div>
      <p className="text-muted">{t(mails.length > 0 ? "demo.outbox.lead" : "demo.outbox.empty")}</p>
      <ul className="grid gap-2">
        {mails.map((mail) => (
          <li
            key={mail.id}
            className="flex flex-wrap items-center gap-x-4 gap-y-2 rounded-card bg-sunken p-3"
          >
            <div className="min-w-0 flex-1 basis-60">
              <p className="font-medium break-words">{mail.subject}</p>
              <p className="text-sm break-all text-muted">
                {t("demo.mail.to", { to: mail.to })} · {format.moment(mail.sent_at)}
              </p>
            </div>
            <Button look="secondary" size="small" icon="mail" onClick={() => setReading(mail)}>
              {t("demo.mail.read")}
            </Button>
            {mail.link && <OpenLink link={mail.link} />}
          </li>
        ))}
      </ul>
      {reading && <MailDialog mail={reading} onClose={() => setReading(null)} />}
    </section>
  );
}

function OpenLink({ link }: { link: string }) {
  const { t } = useI18n();
  return (
    <a
      href={link}
      target="_blank"
      rel="noopener noreferrer"
      className="inline-flex min-h-9 items-center rounded-card bg-accent px-3 text-sm font-semibold text-on-accent hover:bg-accent-strong"
    >
      {t("demo.mail.open")}
    </a>
  );
}

/** The mail's text part; the HTML part says the same and is never put into this page. */
function MailDialog({ mail, onClose }: { mail: OutboxMail; onClose: () => void }) {
  const { t, words } = useI18n();
  const [full, setFull] = useState<OutboxMailFull | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  useState(() => demo.mail(mail.id).then(setFull, (error: unknown) => setProblem(codeOf(error))));
  return (
    <Dialog title={mail.subject} onClose={onClose} closeLabel={t("app.close")} wide>
      <div className="grid gap-4">
        {problem && <p role="alert">{words(problem).title}</p>}
        {!full && !problem && <Loading label={t("app.loading")} />}
        {full && <p className="break-words whitespace-pre-wrap">{full.text}</p>}
        {mail.link && <OpenLink link={mail.link} />}
      </div>
    </Dialog>
  );
}
