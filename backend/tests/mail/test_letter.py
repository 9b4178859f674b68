"""The invitation letter: one content, two parts, three languages, nothing smuggled in."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from html.parser import HTMLParser
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from teleconsulta.kernel.languages import LANGUAGES, Language
from teleconsulta.mail.cancellation import cancellation
from teleconsulta.mail.dates import long_date
from teleconsulta.mail.invitation import InvitationFacts, invitation
from teleconsulta.mail.layout import Content, as_html, as_text
from teleconsulta.mail.message import Mail, compose, new_message_id
from teleconsulta.mail.reminder import reminder

LINK = "https://clinica.example/paciente/0199#eyJhbGciOi.abc_-123.def"
FACTS = InvitationFacts(
    language="pt-BR",
    name="Benedita Quaresma",
    role="patient",
    doctor="Dra. Íris Valadão",
    council="CRM/SP 123456",
    clinic="Clínica Horizonte",
    starts_at=datetime(2026, 11, 26, 17, 30, tzinfo=UTC),
    opens_at=datetime(2026, 11, 26, 17, 0, tzinfo=UTC),
    closes_at=datetime(2026, 11, 26, 19, 0, tzinfo=UTC),
    scheduled=True,
    moved=False,
    link=LINK,
    zone=ZoneInfo("America/Sao_Paulo"),
)


def mail(facts: InvitationFacts = FACTS, content: Content | None = None, **changes: str) -> Mail:
    content = content or invitation(facts)
    made = Mail(
        message_id="<0199@clinica.example>",
        sender="Clínica Horizonte <nao-responda@clinica.example>",
        to_name=facts.name,
        to_email="bia@paciente.example",
        subject=content.subject,
        text=as_text(content),
        html=as_html(content),
        language=facts.language,
        written_at=datetime(2026, 11, 20, 12, 0, tzinfo=UTC),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def travelled(letter: Mail) -> EmailMessage:
    """As the other side reads it."""
    return message_from_bytes(compose(letter).as_bytes(), policy=policy.default)


class Words(HTMLParser):
    """The words a person reads, and the addresses a page would fetch or open."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.links: list[str] = []
        self.fetched: list[str] = []
        self._skip = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._skip = tag in {"title", "style"}
        for name, value in attrs:
            if tag == "a" and name == "href":
                self.links.append(value or "")
            elif name in {"src", "background", "srcset", "href"}:
                self.fetched.append(value or "")

    def handle_endtag(self, tag: str) -> None:
        self._skip = False

    def handle_data(self, data: str) -> None:
        if not self._skip:
            self.words += data.split()


class TestWording:
    @pytest.mark.parametrize("language", LANGUAGES)
    @pytest.mark.parametrize("role", ["patient", "companion"])
    @pytest.mark.parametrize("scheduled", [True, False])
    @pytest.mark.parametrize("moved", [True, False])
    def test_both_parts_say_the_same(self, language: Language, role: str, scheduled: bool, moved: bool) -> None:
        facts = replace(FACTS, language=language, role=role, scheduled=scheduled, moved=moved)
        letter = mail(facts)
        page = Words(letter.html)
        plain = [word for word in letter.text.replace(LINK, "").split() if word != "--"]
        assert [word.rstrip(":") for word in plain] == [word.rstrip(":") for word in page.words]
        assert page.links == [LINK]
        assert letter.text.count(LINK) == 1
        assert "{" not in letter.text + letter.subject

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_it_says_who_when_and_where_from(self, language: Language) -> None:
        letter = mail(replace(FACTS, language=language))
        for fact in ("Benedita Quaresma", "Dra. Íris Valadão, CRM/SP 123456", "Clínica Horizonte", "14:30"):
            assert fact in letter.text
        assert "Dra. Íris Valadão" in letter.subject

    def test_nothing_is_fetched_from_anywhere(self) -> None:
        html = mail().html
        assert Words(html).fetched == []
        assert not re.search(r"<img|<script|<link|url\(|@import|<iframe|<form", html)

    def test_one_button(self) -> None:
        assert mail().html.count("<a ") == 1

    def test_names_are_text_not_markup(self) -> None:
        html = mail(replace(FACTS, name="<img src=x>", doctor='"><script>alert(1)</script>')).html
        assert "<img" not in html
        assert "<script" not in html

    @pytest.mark.parametrize(
        ("language", "expected"),
        [
            ("pt-BR", "quinta-feira, 26 de novembro de 2026, às 14:30 (horário de Brasília)"),
            ("en", "Thursday, 26 November 2026, at 14:30 (Brasília time)"),
            ("es", "jueves, 26 de noviembre de 2026, a las 14:30 (hora de Brasilia)"),
        ],
    )
    def test_dates_in_the_clinics_zone(self, language: Language, expected: str) -> None:
        assert long_date(FACTS.starts_at, language, FACTS.zone) == expected

    def test_the_day_is_the_clinics_day(self) -> None:
        assert "26 de novembro" in long_date(datetime(2026, 11, 27, 1, 0, tzinfo=UTC), "pt-BR", FACTS.zone)

    @pytest.mark.parametrize(
        ("zone", "moment", "expected"),
        [
            ("America/Manaus", FACTS.starts_at, "26 November 2026, at 13:30 (Manaus time, UTC−4)"),
            ("America/Bahia", FACTS.starts_at, "26 November 2026, at 14:30 (Salvador time, UTC−3)"),
            ("Asia/Kathmandu", FACTS.starts_at, "26 November 2026, at 23:15 (Kathmandu time, UTC+5:45)"),
            ("Etc/GMT+3", FACTS.starts_at, "26 November 2026, at 14:30 (UTC−3)"),
            # The night of 27 March 2027: at one o'clock it is two.
            ("Europe/Lisbon", datetime(2027, 3, 28, 0, 30, tzinfo=UTC), "28 March 2027, at 00:30 (Lisbon time, UTC)"),
            ("Europe/Lisbon", datetime(2027, 3, 28, 1, 0, tzinfo=UTC), "28 March 2027, at 02:00 (Lisbon time, UTC+1)"),
        ],
    )
    def test_dates_in_the_patients_zone(self, zone: str, moment: datetime, expected: str) -> None:
        assert long_date(moment, "en", ZoneInfo(zone)).endswith(expected)

    @pytest.mark.parametrize("language", LANGUAGES)
    @pytest.mark.parametrize("soon", [True, False])
    def test_a_reminder_says_when_and_has_the_link(self, language: Language, soon: bool) -> None:
        letter = mail(content=reminder(replace(FACTS, language=language), soon=soon))
        page = Words(letter.html)
        plain = [word for word in letter.text.replace(LINK, "").split() if word != "--"]
        assert [word.rstrip(":") for word in plain] == [word.rstrip(":") for word in page.words]
        assert page.links == [LINK]
        assert "14:30" in letter.subject
        assert "{" not in letter.text + letter.subject

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_a_cancellation_leads_nowhere(self, language: Language) -> None:
        letter = mail(content=cancellation(replace(FACTS, language=language)))
        page = Words(letter.html)
        assert [word for word in letter.text.split() if word != "--"] == page.words
        assert page.links == []
        assert LINK not in letter.text
        assert "14:30" in letter.text
        assert "{" not in letter.text + letter.subject


class TestMessage:
    def test_its_headers(self) -> None:
        message = travelled(mail())
        assert message["Message-ID"] == "<0199@clinica.example>"
        assert message["Auto-Submitted"] == "auto-generated"
        assert message["To"].addresses[0].display_name == "Benedita Quaresma"
        assert message["From"].addresses[0].addr_spec == "nao-responda@clinica.example"
        assert message["Date"].datetime == datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
        assert message["Content-Language"] == "pt-BR"
        assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]

    def test_it_travels_over_seven_bits_in_short_lines(self) -> None:
        raw = compose(mail(replace(FACTS, name="👩🏽‍⚕️ " + "Ánña" * 40))).as_bytes()
        raw.decode("ascii")
        assert max(len(line) for line in raw.split(b"\r\n")) <= 998
        assert b"\n" not in raw.replace(b"\r\n", b"")

    @pytest.mark.parametrize(
        "name",
        [
            "Bia\r\nBcc: all@clinica.example",
            "Bia\nSubject: x",
            "Bia\r\n\r\n<html>",
            'Bia" <evil@clinica.example>',
            "Bia, Caio; Eva: (x) @ <y>",
            "محمد بن عبد الله",
            "=?utf-8?q?x?=",
            "a" * 200,
            "ç" * 200,
        ],
    )
    def test_a_name_stays_a_name(self, name: str) -> None:
        message = travelled(mail(replace(FACTS, name=name, doctor=name)))
        assert message["Bcc"] is None
        assert len(message.get_all("Subject", [])) == 1
        (to,) = message["To"].addresses
        assert to.addr_spec == "bia@paciente.example"

    @settings(deadline=None)
    @given(st.text(min_size=1, max_size=200))
    def test_whatever_a_name_holds_there_is_one_recipient(self, name: str) -> None:
        message = travelled(mail(replace(FACTS, name=name.encode("utf-8", "replace").decode(), doctor="Dra. Í")))
        assert [to.addr_spec for to in message["To"].addresses] == ["bia@paciente.example"]
        assert set(message.keys()) == {
            "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "X-Auto-Response-Suppress",
            "Content-Language", "MIME-Version", "Content-Type",
        }  # fmt: skip

    @pytest.mark.parametrize("address", ["bia", "bia@x.example\r\nBcc: y@z.example", "bía@x.example", "a@b@c", ""])
    def test_an_address_that_is_none_is_refused(self, address: str) -> None:
        with pytest.raises(ValueError, match="address"):
            compose(mail(to_email=address))

    def test_message_ids_name_our_host(self) -> None:
        assert new_message_id("0199", "https://clinica.example:8443") == "<0199@clinica.example>"


def test_the_footer_names_the_clinic_as_the_law_wants_it_once_that_is_known() -> None:
    lines = ("Clínica Horizonte (Horizonte Ltda.)", "CNPJ 11.444.777/0001-61 · CRM-PJ/SP 90123")
    known = invitation(replace(FACTS, clinic_lines=lines)).footer
    assert known[1:3] == lines
    assert invitation(FACTS).footer[1] == "Clínica Horizonte"
