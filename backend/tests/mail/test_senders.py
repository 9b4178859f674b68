"""The ways letters leave."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from teleconsulta.kernel.settings import Settings
from teleconsulta.mail.outbox import OutboxSender, letter, letters
from teleconsulta.mail.sender import MailDelayed, MailRefused
from teleconsulta.mail.service import sender_for
from teleconsulta.mail.smtp import SmtpAddress, SmtpSender
from tests.mail.server import Postbox, smtp_server
from tests.mail.test_letter import mail


@pytest.fixture
async def postbox() -> AsyncIterator[Postbox]:
    async with smtp_server() as box:
        yield box


def over(postbox: Postbox, timeout: float = 10) -> SmtpSender:
    return SmtpSender(SmtpAddress.parse(f"smtp://127.0.0.1:{postbox.port}"), timeout)


class TestAddress:
    @pytest.mark.parametrize(
        ("url", "expected"),
        [
            ("smtp://mail.example", ("mail.example", 25, "if offered", None, None)),
            ("smtp://mail.example:2525?starttls=never", ("mail.example", 2525, "never", None, None)),
            ("smtp://u:p@mail.example", ("mail.example", 587, "always", "u", "p")),
            ("smtp://u%40x:p%2F%3A@mail.example:587", ("mail.example", 587, "always", "u@x", "p/:")),
            ("smtp://u:p@127.0.0.1:1025", ("127.0.0.1", 1025, "if offered", "u", "p")),
            ("smtp://mail.example?starttls=required", ("mail.example", 587, "always", None, None)),
            ("smtps://u:p@mail.example", ("mail.example", 465, "from the start", "u", "p")),
        ],
    )
    def test_what_a_url_means(self, url: str, expected: tuple[object, ...]) -> None:
        made = SmtpAddress.parse(url)
        assert (made.host, made.port, made.tls, made.username, made.password) == expected
        assert "password" not in repr(made)

    @pytest.mark.parametrize("url", ["mail.example", "http://x", "smtp://", "smtp://x:port", "smtp://x?starttls=maybe"])
    def test_what_it_cannot_mean(self, url: str) -> None:
        with pytest.raises(ValueError, match="SMTP_URL"):
            SmtpAddress.parse(url)


class TestSmtp:
    async def test_the_letter_arrives_as_written(self, postbox: Postbox) -> None:
        await over(postbox).send(mail())
        (arrived,) = postbox.letters
        assert postbox.recipients == ["bia@paciente.example"]
        plain = arrived.get_body(("plain",))
        assert plain is not None
        assert plain.get_content().split() == mail().text.split()

    @pytest.mark.parametrize(
        ("answer", "error", "code"),
        [
            ("451 later", MailDelayed, "smtp_deferred"),
            ("550 never", MailRefused, "message_refused"),
        ],
    )
    async def test_the_servers_answer_decides(
        self, postbox: Postbox, answer: str, error: type[Exception], code: str
    ) -> None:
        postbox.answer = lambda _number: answer
        with pytest.raises(error, match=code):
            await over(postbox).send(mail())

    @pytest.mark.parametrize(
        ("answer", "error", "code"),
        [
            ("450 busy", MailDelayed, "smtp_deferred"),
            ("550 nobody", MailRefused, "recipient_refused"),
        ],
    )
    async def test_the_recipient_decides(
        self, postbox: Postbox, answer: str, error: type[Exception], code: str
    ) -> None:
        postbox.to_recipient = lambda _address: answer
        with pytest.raises(error, match=code):
            await over(postbox).send(mail())

    async def test_a_server_that_hangs_is_given_up(self, postbox: Postbox) -> None:
        postbox.hang = asyncio.Event()
        with pytest.raises(MailDelayed, match="smtp_unreachable"):
            await over(postbox, timeout=0.5).send(mail())

    async def test_a_server_that_is_silent_from_the_start(self) -> None:
        gone = asyncio.Event()

        async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.read()
            writer.close()
            await writer.wait_closed()
            gone.set()

        server = await asyncio.start_server(silent, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(MailDelayed, match="smtp_unreachable"):
            await SmtpSender(SmtpAddress.parse(f"smtp://127.0.0.1:{port}"), 0.3).send(mail())
        server.close()
        await gone.wait()

    async def test_a_password_is_not_said_in_the_clear(self, postbox: Postbox) -> None:
        address = SmtpAddress("127.0.0.1", postbox.port, "always", "u", "p")
        with pytest.raises(MailDelayed):
            await SmtpSender(address).send(mail())
        assert postbox.letters == []

    async def test_a_wrong_address_never_leaves(self, postbox: Postbox) -> None:
        with pytest.raises(MailRefused, match="address_invalid"):
            await over(postbox).send(mail(to_email="nobody"))


class TestOutbox:
    async def test_letters_can_be_read_back(self, tmp_path: Path) -> None:
        folder = tmp_path / "outbox"
        assert letters(folder) == []
        await OutboxSender(folder).send(mail())
        await OutboxSender(folder).send(mail(message_id="<0200@clinica.example>"))
        await OutboxSender(folder).send(mail())
        found = letters(folder)
        assert len(found) == 2
        one = letter(folder, found[0].id)
        assert one == found[0]
        assert one.to == "Benedita Quaresma <bia@paciente.example>"
        assert one.text.split() == mail().text.split()
        assert not list(folder.glob(".*"))

    @pytest.mark.parametrize("name", ["../secret", "..", "", "a/b", "missing", ".part"])
    def test_other_names_are_nothing(self, tmp_path: Path, name: str) -> None:
        (tmp_path / "secret.eml").write_text("x")
        (tmp_path / "outbox").mkdir()
        assert letter(tmp_path / "outbox", name) is None

    async def test_a_folder_that_cannot_be_made(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")
        with pytest.raises(MailDelayed, match="outbox_unwritable"):
            await OutboxSender(tmp_path / "file" / "outbox").send(mail())

    async def test_a_wrong_address_is_refused_here_too(self, tmp_path: Path) -> None:
        with pytest.raises(MailRefused):
            await OutboxSender(tmp_path).send(mail(to_email="nobody"))


def test_settings_decide_the_way(settings: Settings) -> None:
    assert isinstance(sender_for(settings), OutboxSender)
    assert isinstance(sender_for(settings.model_copy(update={"smtp_url": "smtp://x"})), SmtpSender)


@pytest.mark.parametrize(
    "sender", ["nobody", "Clínica <nao@responda@clinica.example>", "Clínica <não@clinica.example>"]
)
def test_a_wrong_sender_is_said_at_the_start(settings: Settings, sender: str) -> None:
    with pytest.raises(ValueError, match="MAIL_FROM"):
        sender_for(settings.model_copy(update={"mail_from": sender}))
