"""Everything that hangs on a row, by the foreign keys the database itself knows.

Whoever adds a table that refers to a person, a room or a call has thereby put it into the export of that person's data,
and into what is deleted with them: nobody can forget it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

FOREIGN_KEYS = text("""
SELECT held.conrelid::regclass::text, quote_ident(mine.attname), held.confrelid::regclass::text
FROM pg_constraint AS held
JOIN pg_attribute AS mine ON mine.attrelid = held.conrelid AND mine.attnum = held.conkey[1]
JOIN pg_attribute AS theirs ON theirs.attrelid = held.confrelid AND theirs.attnum = held.confkey[1]
WHERE held.contype = 'f' AND held.connamespace = current_schema()::regnamespace
  AND cardinality(held.conkey) = 1 AND theirs.attname = 'id' AND held.conrelid <> held.confrelid
ORDER BY 1, 2
""")

BINARY = text("""
SELECT CAST(attname AS text) FROM pg_attribute
WHERE attrelid = to_regclass(:table) AND atttypid = 'bytea'::regtype AND NOT attisdropped
""")


@dataclass(frozen=True, slots=True)
class Link:
    """`child.column` refers to `parent.id`. The names are quoted by the database."""

    child: str
    column: str
    parent: str


@dataclass(frozen=True, slots=True)
class Part:
    """The rows of one table that belong to it: those where any of these columns holds one of these ids."""

    table: str
    by: Mapping[str, Collection[UUID]]

    @property
    def where(self) -> str:
        return " OR ".join(f"{column} = ANY(:{self.name(column)})" for column in self.by)

    @property
    def values(self) -> dict[str, list[UUID]]:
        return {self.name(column): list(ids) for column, ids in self.by.items()}

    @staticmethod
    def name(column: str) -> str:
        return f"of_{column.strip(chr(34))}"


async def links(session: AsyncSession) -> list[Link]:
    """Every reference from one table to another's id."""
    return [Link(*row) for row in (await session.execute(FOREIGN_KEYS)).all()]


def order(known: Sequence[Link], root: str) -> list[str]:
    """The root and the tables that hang on it, each after all those it refers to. Pure.

    Raises:
        ValueError: tables refer to each other in a circle.
    """
    children: defaultdict[str, set[str]] = defaultdict(set)
    for link in known:
        children[link.parent].add(link.child)
    done: list[str] = []
    open_: set[str] = set()

    def visit(table: str) -> None:
        if table in open_:
            raise ValueError(f"{table} refers to itself in a circle")
        if table in done:
            return
        open_.add(table)
        for child in sorted(children[table]):
            visit(child)
        open_.remove(table)
        done.append(table)

    visit(root)
    return done[::-1]


async def collect(session: AsyncSession, root: str, ids: Collection[UUID]) -> list[Part]:
    """The rows that hang on these rows of `root`, a table a part; every part after those it refers to."""
    known = await links(session)
    tables = order(known, root)
    parents = {link.parent for link in known}
    found: dict[str, Collection[UUID]] = {root: ids}
    parts = [Part(root, {"id": ids})]
    for table in tables[1:]:
        by: dict[str, set[UUID]] = defaultdict(set)
        for link in known:
            if link.child == table and link.parent in found:
                by[link.column] |= set(found[link.parent])
        part = Part(table, {column: wanted for column, wanted in by.items() if wanted})
        if not part.by:
            continue
        parts.append(part)
        if table in parents:
            query = text(f"SELECT id FROM {table} WHERE {part.where}")  # noqa: S608 - our own names, quoted by the database
            found[table] = (await session.scalars(query, part.values)).all()
    return parts


async def count(session: AsyncSession, part: Part) -> int:
    query = text(f"SELECT count(*) FROM {part.table} WHERE {part.where}")  # noqa: S608 - as above
    return int((await session.scalar(query, part.values)) or 0)


async def rows(session: AsyncSession, part: Part) -> list[dict[str, Any]]:
    """The rows as JSON has them. Binary columns are left out, by their type."""
    binary = (await session.scalars(BINARY, {"table": part.table})).all()
    plain = "CAST(to_jsonb(kept) - CAST(:binary AS text[]) AS text)"
    query = text(f"SELECT {plain} FROM {part.table} AS kept WHERE {part.where}")  # noqa: S608 - as above
    return [orjson.loads(row) for row in await session.scalars(query, {**part.values, "binary": list(binary)})]


async def delete(session: AsyncSession, part: Part) -> int:
    """Delete them; how many there were."""
    gone = f"DELETE FROM {part.table} WHERE {part.where} RETURNING 1"  # noqa: S608 - as above
    counted = text(f"WITH gone AS ({gone}) SELECT count(*) FROM gone")  # noqa: S608 - as above
    return int((await session.scalar(counted, part.values)) or 0)
