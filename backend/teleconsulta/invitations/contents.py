"""What each kind of letter says, and for how long it is worth sending."""

from __future__ import annotations

from datetime import datetime
from email.utils import parseaddr
from typing import Literal, assert_never, cast
from zoneinfo import ZoneInfo

from teleconsulta.clinic.lines import clinic_lines
from teleconsulta.clinic.models import ClinicProfile
from teleconsulta.invitations.links import link_to, test_link_to
from teleconsulta.invitations.models import Delivery
from teleconsulta.invitations.repository import Invited
from teleconsulta.invitations.timing import REMINDERS, ReminderKind
from teleconsulta.kernel.languages import known
from teleconsulta.kernel.settings import Settings
from teleconsulta.kernel.tokens import Tokens
from teleconsulta.kernel.zones import zone
from teleconsulta.mail.calendar import Event, Mailbox, Method
from teleconsulta.mail.cancellation import cancellation
from teleconsulta.mail.invitation import InvitationFacts, invitation, summary
from teleconsulta.mail.layout import Content, as_html, as_text
from teleconsulta.mail.message import Mail
from teleconsulta.mail.reminder import reminder
from teleconsulta.readiness.schemas import ReadinessOut

LetterKind = Literal["invitation", "cancellation"] | ReminderKind


def letter(
    settings: Settings,
    tokens: Tokens,
    delivery: Delivery,
    invited: Invited,
    clinic: ClinicProfile,
    accent: str | None = None,
    readiness: ReadinessOut | None = None,
) -> Mail:
    """The letter as it is now; its Message-ID and date are those of its cause. A reminder tells what the last test
    (`readiness`) found, if that would keep the reader from the consultation."""
    problem = readiness.causes[0] if readiness is not None and readiness.light == "red" else None
    facts = _facts(settings, tokens, invited, clinic)
    event: Event | None = None
    content: Content
    match kind_of(delivery):
        case "invitation":
            content = invitation(facts)
            if invited.room.scheduled:
                event = _event("REQUEST", settings, delivery, invited, facts, content)
        case "cancellation":
            content = cancellation(facts)
            event = _event("CANCEL", settings, delivery, invited, facts, content)
        case "reminder_24h":
            content = reminder(facts, soon=False, problem=problem)
        case "reminder_15m":
            content = reminder(facts, soon=True, problem=problem)
        case other:
            assert_never(other)
    return Mail(
        message_id=delivery.message_id,
        sender=settings.mail_from,
        to_name=invited.person.name,
        to_email=invited.person.email or "",
        subject=content.subject,
        text=as_text(content),
        html=as_html(content, accent) if accent else as_html(content),
        language=facts.language,
        written_at=delivery.created_at,
        event=event,
    )


def still_wanted(delivery: Delivery, invited: Invited, now: datetime) -> bool:
    """Not when the link in it would open nothing, a newer letter has replaced it, or its hour has passed."""
    kind, window = kind_of(delivery), invited.window
    current = delivery.cause.startswith(f"{kind}:{invited.invitation.id}:{invited.invitation.generation}:")
    reachable = invited.invitation.revoked_at is None and invited.person.email is not None
    if not (current and reachable) or window.phase(now) == "over":
        return False
    if kind == "cancellation":
        return invited.room.state == "closed"
    if kind != "invitation" and not REMINDERS[kind].useful(window, now):
        return False
    return invited.room.state == "open"


def kind_of(delivery: Delivery) -> LetterKind:
    return cast(LetterKind, delivery.kind)


def zone_of(settings: Settings, invited: Invited) -> ZoneInfo:
    """Where this person's clock is: theirs when it is known, else the one the consultation was booked in."""
    return zone(invited.person.time_zone or invited.room.time_zone or settings.clinic_zone)


def _facts(settings: Settings, tokens: Tokens, invited: Invited, clinic: ClinicProfile) -> InvitationFacts:
    window, language = invited.window, known(invited.person.language)
    return InvitationFacts(
        language=language,
        name=invited.person.name,
        role=invited.participant.role,
        doctor=invited.doctor.name,
        council=invited.doctor.council,
        clinic=settings.clinic_name,
        starts_at=window.starts_at,
        opens_at=window.opens_at,
        closes_at=window.closes_at,
        scheduled=invited.room.scheduled,
        moved=invited.invitation.generation > 1,
        link=link_to(settings, tokens, invited.invitation, window.closes_at, language),
        zone=zone_of(settings, invited),
        clinic_lines=tuple(clinic_lines(clinic, language)),
        test_link=test_link_to(settings, tokens, invited.invitation, window.closes_at, language)
        if invited.room.scheduled
        else None,
    )


def _event(
    method: Method, settings: Settings, delivery: Delivery, invited: Invited, facts: InvitationFacts, content: Content
) -> Event:
    """One calendar entry an invitation, as each has a link of its own: two who share a mailbox keep both. Its number
    rises with the link's generation, and once more when it is cancelled."""
    link = facts.link if content.link else None
    changes = invited.invitation.generation - 1
    return Event(
        method=method,
        uid=str(invited.invitation.id),
        sequence=changes if method == "REQUEST" else changes + 1,
        stamp=delivery.created_at,
        starts_at=invited.window.starts_at,
        ends_at=invited.window.ends_at,
        summary=summary(facts),
        description="\n\n".join([content.paragraphs[0], *([link] if link else []), "\n".join(facts.footer)]),
        link=link,
        organizer=Mailbox(settings.clinic_name, parseaddr(settings.mail_from)[1]),
        attendee=Mailbox(invited.person.name, invited.person.email or ""),
    )
