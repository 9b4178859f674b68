"""A server whose day a test moves, with a real SMTP server beside it: `DAY=folder DAY_SMTP_PORT=n python -m tests.day`.

`DAY/ahead` holds how many seconds the server's clock is ahead of the machine's. It goes on while it is ahead, since a
call has to last. Letters are taken by SMTP and left as `DAY/letter-1.json`, `letter-2.json`, ...

The product has no setting for this, so none can be left on: the one function that tells the time is replaced here,
before anything that asks it is imported, and this file is no part of what is installed.
"""

from __future__ import annotations

import json
import os
import time
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from types import SimpleNamespace

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from teleconsulta.kernel import clock

DAY = Path(os.environ["DAY"])
_real = clock.now


def moved() -> datetime:
    """The time of the machine, and what the test puts on top of it."""
    return _real() + timedelta(seconds=float((DAY / "ahead").read_text() or 0))


class Letterbox:
    """Keeps what comes by SMTP. A letter appears whole or not at all."""

    def __init__(self) -> None:
        self.taken = 0

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.content
        letter = message_from_bytes(content if isinstance(content, bytes) else b"", policy=policy.default)
        self.taken += 1
        half = DAY / "half"
        half.write_text(json.dumps(told(letter, envelope)), "utf-8")
        half.rename(DAY / f"letter-{self.taken}.json")
        return "250 OK"


def told(letter: EmailMessage, envelope: Envelope) -> dict[str, object]:
    """A letter as a test asks about it; `calendar` is null where it brings no event."""
    body = letter.get_body(("plain",))
    events = [part.get_content() for part in letter.walk() if part.get_content_type() == "text/calendar"]
    return {
        "to": envelope.rcpt_tos,
        "subject": str(letter["Subject"]),
        "text": body.get_content() if body is not None else "",
        "calendar": events[0] if events else None,
    }


def main() -> None:
    clock.now = moved
    # Browsers learn the server's time from its answers.
    import uvicorn.server

    vars(uvicorn.server)["time"] = SimpleNamespace(time=lambda: moved().timestamp(), monotonic=time.monotonic)

    from teleconsulta.consultations import tasks
    from teleconsulta.jobs.worker import Pace
    from teleconsulta.serve import read_settings, serve

    # Nobody waits a minute for the worker to look at the clock.
    vars(tasks)["Pace"] = lambda: Pace(sweep=timedelta(seconds=0.3), poll=timedelta(seconds=1))
    port = int(os.environ["DAY_SMTP_PORT"])
    os.environ["SMTP_URL"] = f"smtp://127.0.0.1:{port}"
    letterbox = Controller(Letterbox(), hostname="127.0.0.1", port=port)
    letterbox.start()
    try:
        serve(read_settings())
    finally:
        letterbox.stop()


if __name__ == "__main__":
    main()
