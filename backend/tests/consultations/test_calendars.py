"""What calendars and mailboxes are told of a consultation that is booked, moved and cancelled."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from httpx import AsyncClient

from teleconsulta.kernel.clock import now
from tests.builders import Builder
from tests.consultations.booking import BIA, book, change, close
from tests.consultations.letterbox import Letterbox, entry

MINUTE = timedelta(minutes=1)


class TestCalendars:
    async def test_one_entry_from_booking_over_moving_to_cancelling(
        self, client: AsyncClient, build: Builder, letterbox: Letterbox, tomorrow: datetime
    ) -> None:
        doctor = await build.staff()
        room = await book(client, doctor, tomorrow)
        (asked,) = await letterbox.empty()
        await change(client, doctor, room, starts_at=(tomorrow + timedelta(hours=3)).isoformat())
        (other,) = await letterbox.empty()
        await change(client, doctor, room, duration_minutes=45)
        (longer,) = await letterbox.empty()
        await close(client, doctor, room, "cancelled")
        (off,) = await letterbox.empty()
        methods, events = zip(*(entry(mail) for mail in (asked, other, longer, off)), strict=True)
        assert methods == ("REQUEST", "REQUEST", "REQUEST", "CANCEL")
        assert len({str(event["UID"]) for event in events}) == 1
        assert [event["SEQUENCE"] for event in events] == [0, 1, 2, 3]
        assert [event.start for event in events] == [tomorrow] + [tomorrow + timedelta(hours=3)] * 3
        address, token = str(events[1]["URL"]).split("#")
        assert address == f"https://clinica.example/paciente/{room['id']}"
        assert (await client.post("/api/invitations/preview", json={"token": token})).status_code == 410
        assert "cancelada" in off.text
        assert "Segredo" not in off.text + off.html
        assert "/paciente/" not in off.text + off.html

    async def test_a_letter_sent_again_changes_nothing_in_the_calendar(
        self, client: AsyncClient, build: Builder, letterbox: Letterbox, tomorrow: datetime
    ) -> None:
        doctor = await build.staff()
        room = await book(client, doctor, tomorrow)
        (first,) = await letterbox.empty()
        await client.post(f"/api/invitations/{room['invitations'][0]['id']}/resend", headers=doctor.headers)
        (again,) = await letterbox.empty()
        (_, one), (_, other) = entry(first), entry(again)
        assert (str(one["UID"]), one["SEQUENCE"]) == (str(other["UID"]), other["SEQUENCE"])

    async def test_two_people_of_one_mailbox_keep_an_entry_each(
        self, client: AsyncClient, build: Builder, letterbox: Letterbox, tomorrow: datetime
    ) -> None:
        doctor = await build.staff()
        room = await book(client, doctor, tomorrow)
        companion = {"name": "Caetano", "email": BIA["email"], "role": "companion"}
        await client.post(f"/api/rooms/{room['id']}/invitations", json=companion, headers=doctor.headers)
        events = [entry(mail)[1] for mail in await letterbox.empty()]
        assert len({str(event["UID"]) for event in events}) == 2
        assert len({str(event["URL"]) for event in events}) == 2

    @pytest.mark.parametrize(
        ("name", "patient"),
        [
            ("emoji", "👩🏽‍⚕️ Bia 🎉"),
            ("right to left", "محمد بن عبد الله"),
            ("long", "ç" * 200),
            ("commas", 'Quaresma, Bia; "a rápida": x'),
        ],
    )
    async def test_any_name(
        self,
        client: AsyncClient,
        build: Builder,
        letterbox: Letterbox,
        tomorrow: datetime,
        name: str,
        patient: str,
    ) -> None:
        wish = {"patient": {"name": patient, "email": "bia@paciente.example"}}
        room = await book(client, await build.staff(name=f"Dra. {patient}"[:200]), tomorrow, **wish)
        assert room["patient"]["name"] == patient
        (mail,) = await letterbox.empty()
        _method, event = entry(mail)
        assert str(event["ATTENDEE"]) == "mailto:bia@paciente.example", name
        assert str(event["SUMMARY"]).startswith("Consulta por vídeo com Dra. ")

    async def test_an_instant_consultation_has_no_entry(
        self, client: AsyncClient, build: Builder, letterbox: Letterbox
    ) -> None:
        answer = await client.post("/api/rooms", json={"patient": BIA}, headers=(await build.staff()).headers)
        assert answer.status_code == 201
        (mail,) = await letterbox.empty()
        assert mail.event is None


class TestCancelling:
    @pytest.mark.parametrize("outcome", ["cancelled", "refused_by_doctor", "no_show", "converted_to_phone"])
    async def test_before_its_time_people_are_told(
        self, client: AsyncClient, build: Builder, letterbox: Letterbox, tomorrow: datetime, outcome: str
    ) -> None:
        doctor = await build.staff()
        room = await book(client, doctor, tomorrow)
        await letterbox.empty()
        await close(client, doctor, room, outcome)
        assert [entry(mail)[0] for mail in await letterbox.empty()] == ["CANCEL"]
        await close(client, doctor, room, outcome)
        assert await letterbox.empty() == [], "once"

    async def test_who_never_got_a_letter_gets_none(
        self, client: AsyncClient, build: Builder, letterbox: Letterbox, tomorrow: datetime
    ) -> None:
        doctor = await build.staff()
        await close(client, doctor, await book(client, doctor, tomorrow), "cancelled")
        assert await letterbox.empty() == []

    async def test_a_consultation_that_took_place_is_not_cancelled(
        self, client: AsyncClient, build: Builder, letterbox: Letterbox
    ) -> None:
        doctor = await build.staff()
        room = await book(client, doctor, now() + 10 * MINUTE)
        await letterbox.empty()
        token = room["invitations"][0]["link"].split("#")[1]
        assert (await client.post("/api/invitations/redeem", json={"token": token})).status_code == 200
        await close(client, doctor, room, "referred_in_person")
        assert await letterbox.empty() == []

    async def test_an_instant_one_is_not_either(
        self, client: AsyncClient, build: Builder, letterbox: Letterbox
    ) -> None:
        doctor = await build.staff()
        room = (await client.post("/api/rooms", json={"patient": BIA}, headers=doctor.headers)).json()
        await letterbox.empty()
        await close(client, doctor, room, "cancelled")
        assert await letterbox.empty() == []

    async def test_who_was_uninvited_hears_nothing_more(
        self, client: AsyncClient, build: Builder, letterbox: Letterbox, tomorrow: datetime
    ) -> None:
        doctor = await build.staff()
        room = await book(client, doctor, tomorrow)
        await letterbox.empty()
        await client.delete(f"/api/invitations/{room['invitations'][0]['id']}", headers=doctor.headers)
        await close(client, doctor, room, "cancelled")
        assert await letterbox.empty() == []
