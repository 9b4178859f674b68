"""A worker as a process of its own: `python -m tests.jobs.process DSN SMTP_URL`."""

import asyncio
import sys
from datetime import timedelta
from pathlib import Path

from teleconsulta.consultations.tasks import work
from teleconsulta.jobs import worker
from teleconsulta.jobs.worker import Pace
from teleconsulta.kernel.db import Database
from tests.support import settings_for

QUICK = Pace(
    first_delay=timedelta(milliseconds=50),
    longest_delay=timedelta(milliseconds=400),
    heartbeat=timedelta(seconds=2),
    poll=timedelta(milliseconds=500),
    sweep=timedelta(seconds=2),
)


async def main(dsn: str, smtp_url: str) -> None:
    settings = settings_for(dsn, Path("unused"), smtp_url=smtp_url)
    await worker.run(Database(dsn), work(settings, pace=QUICK), asyncio.Event())


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2]))
