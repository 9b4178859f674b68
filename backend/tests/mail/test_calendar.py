"""Calendar files, as a calendar library of somebody else's reads them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar
from icalendar import Event as ReadEvent

from teleconsulta.mail.calendar import Event, Mailbox, as_ics, folded
from teleconsulta.mail.message import Mail, compose

NINE = datetime(2027, 3, 28, 0, 30, tzinfo=UTC)
LINK = "https://clinica.example/paciente/0199#eyJhbGciOi." + "abc_-123" * 30 + ".def"
EVENT = Event(
    method="REQUEST",
    uid="0199e5a0-0000-7000-8000-000000000001",
    sequence=3,
    stamp=datetime(2026, 11, 20, 12, 0, 5, tzinfo=UTC),
    starts_at=NINE,
    ends_at=NINE + timedelta(minutes=45),
    summary="Consulta por vídeo com Dra. Íris Valadão",
    description=f"Linha um; dois, três\\\n\n{LINK}",
    link=LINK,
    organizer=Mailbox("Clínica Horizonte", "nao-responda@clinica.example"),
    attendee=Mailbox("Benedita Quaresma", "bia@paciente.example"),
)

NAMES = [
    "👩🏽‍⚕️ Bia 🎉",
    "محمد بن عبد الله",
    'Bia "a rápida"; Caio, Eva: x\\y',
    "a" * 200,
    "ç" * 200,
    "👨‍👩‍👧‍👦" * 20,
    "Bia\r\nATTENDEE:mailto:evil@x.example",
    "Bia\u2028X:1",
]


def read(event: Event) -> tuple[Calendar, ReadEvent]:
    calendar = Calendar.from_ical(as_ics(event))
    assert isinstance(calendar, Calendar)
    (found,) = calendar.events
    return calendar, found


def test_a_request_says_what_when_and_with_whom() -> None:
    calendar, event = read(EVENT)
    assert (calendar["METHOD"], calendar["VERSION"]) == ("REQUEST", "2.0")
    assert (str(event["UID"]), event["SEQUENCE"], str(event["STATUS"])) == (EVENT.uid, 3, "CONFIRMED")
    assert (event.start, event.end, event.DTSTAMP) == (EVENT.starts_at, EVENT.ends_at, EVENT.stamp)
    assert (str(event["SUMMARY"]), str(event["DESCRIPTION"])) == (EVENT.summary, EVENT.description)
    assert str(event["URL"]) == str(event["LOCATION"]) == LINK
    assert str(event["ORGANIZER"]) == "mailto:nao-responda@clinica.example"
    assert event["ORGANIZER"].params["CN"] == "Clínica Horizonte"
    assert str(event["ATTENDEE"]) == "mailto:bia@paciente.example"
    assert event["ATTENDEE"].params["CN"] == "Benedita Quaresma"
    assert not event.errors


def test_a_cancellation_is_the_same_entry_with_a_higher_number() -> None:
    calendar, event = read(replace(EVENT, method="CANCEL", sequence=4, link=None))
    assert calendar["METHOD"] == "CANCEL"
    assert (str(event["UID"]), event["SEQUENCE"], str(event["STATUS"])) == (EVENT.uid, 4, "CANCELLED")
    assert str(event["TRANSP"]) == "TRANSPARENT"
    assert "URL" not in event


@pytest.mark.parametrize("name", NAMES)
def test_a_name_stays_a_name(name: str) -> None:
    _calendar, event = read(replace(EVENT, summary=name, attendee=Mailbox(name, "bia@paciente.example")))
    assert str(event["ATTENDEE"]) == "mailto:bia@paciente.example"
    assert set(event) == {
        "UID", "SEQUENCE", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "DESCRIPTION", "URL", "LOCATION", "ORGANIZER",
        "ATTENDEE", "CLASS", "STATUS", "TRANSP",
    }  # fmt: skip
    assert str(event["SUMMARY"]) == name.replace("\r\n", "\n").replace("\u2028", "\n")


@settings(deadline=None)
@given(st.text(max_size=300))
def test_no_line_is_too_long_and_none_is_lost(text: str) -> None:
    plain = text.replace("\r", "").replace("\n", "")
    lines = folded(plain).split("\r\n")
    assert all(len(line.encode("utf-8", "surrogatepass")) <= 75 for line in lines)
    assert lines[0] + "".join(line[1:] for line in lines[1:]) == plain


def test_a_letter_carries_it_where_mail_programs_look() -> None:
    letter = Mail(
        message_id="<0199@clinica.example>",
        sender="Clínica Horizonte <nao-responda@clinica.example>",
        to_name="Benedita Quaresma",
        to_email="bia@paciente.example",
        subject="Consulta",
        text="Olá",
        html="<p>Olá</p>",
        language="pt-BR",
        written_at=EVENT.stamp,
        event=EVENT,
    )
    raw = compose(letter).as_bytes()
    raw.decode("ascii")
    message = message_from_bytes(raw, policy=policy.default)
    forms, file = message.iter_parts()
    assert [part.get_content_type() for part in forms.iter_parts()] == ["text/plain", "text/html", "text/calendar"]
    invitation = list(forms.iter_parts())[2]
    assert invitation.get_param("method") == "REQUEST"
    assert invitation.get_content_charset() == "utf-8"
    assert invitation.get_content().replace("\r\n", "\n") == as_ics(EVENT).replace("\r\n", "\n")
    assert (file.get_content_type(), file.get_filename()) == ("application/ics", "consulta.ics")
    assert file.get_content() == as_ics(EVENT).encode()
    assert message["Content-Language"] == "pt-BR"
