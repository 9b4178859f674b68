/** /admin/gestao: the way to everything an administrator does now and then. */
import { Link } from "wouter";
import { Icon, type IconName } from "../../components/icon";
import { useI18n } from "../../i18n";
import { MANAGE, Section } from "./section";

const PLACES = [
  { to: "titulares", word: "people", icon: "person" },
  { to: "acessos", word: "accesses", icon: "history" },
  { to: "incidentes", word: "incidents", icon: "alert" },
  { to: "prazos", word: "retention", icon: "clock" },
  { to: "avisos", word: "webhooks", icon: "send" },
  { to: "diagnostico", word: "checkup", icon: "check" },
  { to: "marca", word: "brand", icon: "settings" },
] as const satisfies readonly { to: string; word: string; icon: IconName }[];

export default function ManagePage() {
  const { t } = useI18n();
  return (
    <Section top title={t("manage.title")} lead={t("manage.lead")}>
      <ul className="grid grid-cols-1 gap-3 sm:grid-cols-2 lg:grid-cols-3">
        {PLACES.map(({ to, word, icon }) => (
          <li key={to}>
            <Link
              href={`${MANAGE}/${to}`}
              className="flex h-full gap-3 rounded-card border border-line bg-surface p-4 hover:bg-sunken"
            >
              <Icon name={icon} className="text-accent" />
              <span>
                <span className="block font-semibold">{t(`manage.${word}`)}</span>
                <span className="block text-sm text-muted">{t(`manage.${word}.lead`)}</span>
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </Section>
  );
}
