"""One person is one row."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from teleconsulta.kernel.clock import now
from teleconsulta.patients.repository import find_or_create


async def test_the_same_name_and_address_are_one_person(session: AsyncSession) -> None:
    first = await find_or_create(session, "Bia", "bia@paciente.example", "pt-BR", now())
    again = await find_or_create(session, "Bia", "BIA@paciente.example", "es", now())
    assert again.id == first.id
    assert again.language == "es"


async def test_a_family_may_share_an_address(session: AsyncSession) -> None:
    first = await find_or_create(session, "Bia", "casa@paciente.example", "pt-BR", now())
    other = await find_or_create(session, "Caetano", "casa@paciente.example", "pt-BR", now())
    assert other.id != first.id


async def test_two_people_without_an_address_are_two(session: AsyncSession) -> None:
    first = await find_or_create(session, "Maria da Silva", None, "pt-BR", now())
    other = await find_or_create(session, "Maria da Silva", None, "pt-BR", now())
    assert other.id != first.id
