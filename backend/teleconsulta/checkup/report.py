"""What an examination finds, as data: a line for each thing that was looked at. Words are elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

State = Literal["ok", "warning", "wrong", "skipped"]

IDS = (
    *("settings", "secret-key", "turn-secret", "turn-urls", "test-settings", "public-url", "cors", "push", "mail-from"),
    *("https", "clock", "running", "websocket", "proxies", "files", "database", "schema", "redis"),
    *("stun", "turn-udp", "turn-tcp", "turn-tls", "turn-credential", "turn-private", "turn-quota"),
    *("smtp", "backup", "disk"),
)
"""Every line there is, in the order in which they are shown."""


@dataclass(frozen=True, slots=True)
class Line:
    """`fault` and `values` choose and fill the words; a value is never a secret."""

    id: str
    state: State
    fault: str = ""
    values: dict[str, str] = field(default_factory=dict)


class Report:
    """Filled in while the examination goes on. Of several findings about one thing the worst stays."""

    def __init__(self) -> None:
        self._found: dict[str, Line] = {}

    def ok(self, id: str, manner: str = "", **values: object) -> None:  # noqa: A002 - what it is
        """`manner` chooses other words than the usual ones."""
        self._put(id, "ok", manner, values)

    def warn(self, id: str, fault: str, **values: object) -> None:  # noqa: A002 - what it is
        self._put(id, "warning", fault, values)

    def wrong(self, id: str, fault: str, **values: object) -> None:  # noqa: A002 - what it is
        self._put(id, "wrong", fault, values)

    def unset(self, *ids: str) -> None:
        """There is nothing to look at, and need not be."""
        for one in ids:
            self._put(one, "skipped", "unset", {})

    def after(self, first: str, *ids: str) -> None:
        """These cannot be looked at before `first` is mended, so they are not blamed."""
        for one in ids:
            self._put(one, "skipped", "after", {"first": first})

    def unfinished(self, ids: Iterable[str], fault: str) -> None:
        """An area was broken off: the first of its things that nothing is known of is to blame."""
        left = [one for one in ids if one not in self._found]
        for one in left[:1]:
            self.wrong(one, fault)
        self.after(left[0] if left else "", *left[1:])

    def knows(self, id: str) -> bool:  # noqa: A002 - what it is
        return id in self._found

    def failed(self, id: str) -> bool:  # noqa: A002 - what it is
        """Whether what builds on it would only fail with it."""
        return id in self._found and self._found[id].state in {"wrong", "skipped"}

    def lines(self) -> list[Line]:
        return [self._found.get(one, Line(one, "skipped", "unset")) for one in IDS]

    def _put(self, id: str, state: State, fault: str, values: dict[str, object]) -> None:  # noqa: A002 - what it is
        rank = ("skipped", "ok", "warning", "wrong")
        known = self._found.get(id)
        if known is None or rank.index(state) > rank.index(known.state):
            self._found[id] = Line(id, state, fault, {name: str(value) for name, value in values.items()})


def wrong(lines: Iterable[Line]) -> int:
    """How many lines are wrong."""
    return sum(line.state == "wrong" for line in lines)
