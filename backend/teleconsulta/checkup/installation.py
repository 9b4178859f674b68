"""What is examined, and through what it looks at the world."""

from __future__ import annotations

import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime

from teleconsulta.backup import last_backup
from teleconsulta.kernel.clock import Clock, now
from teleconsulta.kernel.settings import Settings

LastBackup = Callable[[Settings], Awaitable[datetime | None]]


@dataclass(frozen=True)
class Installation:
    """`last_backup` tells when the last good backup was made, None for never; without it none is made by this program.
    `settings.database_url` is None where there is no database yet."""

    settings: Settings
    clock: Clock = now
    last_backup: LastBackup | None = None
    # Whom this machine trusts, as the browsers of the clinic's people would.
    tls: ssl.SSLContext = field(default_factory=ssl.create_default_context)


def here(settings: Settings, clock: Clock = now) -> Installation:
    """This installation as it stands: the one place that says where each thing is looked up."""
    return Installation(settings, clock, last_backup if settings.backup_to else None)
