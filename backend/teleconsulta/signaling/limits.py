"""How much one socket, one address and one person may ask for."""

from __future__ import annotations

from dataclasses import dataclass, field

MAX_FRAME = 64 * 1024
FRAMES_PER_SECOND, FRAMES_BURST = 20.0, 40.0
FLOOD_SECONDS = 10.0
"""A socket that keeps us slowing it down for so long is closed."""

JOIN_SECONDS = 5.0
"""A socket that nobody joined by is closed after this time."""
JOIN_PATIENCE = 4.0
"""How long somebody who joins waits for Redis, where there is one, before they hear that they should try again."""
REFUSED_SECONDS = 0.3
"""What a refused or dismissed client gets to read why."""

STRANGERS_PER_ADDRESS = 20
CONNECTS_PER_SECOND, CONNECTS_BURST = 1.0, 60.0
"""Sockets of one address that have not (yet) joined; a clinic's fifteen doctors behind one address all have."""

JOINS_PER_SECOND, JOINS_BURST = 1.0, 60.0
FEEDS_PER_PERSON = 3
BACKLOG_PACKETS = 512
"""Packets that may wait for a reader who does not read."""

CHATS_PER_SECOND, CHATS_BURST = 4.0, 12.0
REPORTS_PER_SECOND, REPORTS_BURST = 1 / 9, 2.0
"""Asked for: one in 10 s. A page's timer and a network are not as even as that, so a second is forgiven."""

TROUBLES_PER_SECOND, TROUBLES_BURST = 1 / 3, 8.0

AUDITS_PER_SECOND, AUDITS_BURST = 1 / 60, 1.0


@dataclass(slots=True)
class Bucket:
    """A token bucket: `rate` per second on average, `burst` at once. Times are seconds of one steady clock."""

    rate: float
    burst: float
    tokens: float = field(init=False)
    at: float | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        self.tokens = self.burst

    def delay(self, now: float) -> float:
        """Take one; how many seconds to wait first."""
        self._fill(now)
        self.tokens -= 1
        return max(0.0, -self.tokens / self.rate)

    def allows(self, now: float) -> bool:
        """Take one, if there is one."""
        self._fill(now)
        if self.tokens < 1:
            return False
        self.tokens -= 1
        return True

    def refund(self) -> None:
        """Give one back."""
        self.tokens = min(self.burst, self.tokens + 1)

    def wait(self) -> float:
        """Seconds until there is one again."""
        return max(0.0, (1 - self.tokens) / self.rate)

    def is_full(self, now: float) -> bool:
        self._fill(now)
        return self.tokens >= self.burst

    def _fill(self, now: float) -> None:
        if self.at is not None:
            self.tokens = min(self.burst, self.tokens + (now - self.at) * self.rate)
        self.at = now
