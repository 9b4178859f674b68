"""Log lines: one JSON object or text line each, on standard output, with nothing personal in them."""

from __future__ import annotations

import logging
import re
import sys
import traceback
from ipaddress import ip_address
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, Processor

# What other people's libraries say at INFO is addresses, queries and payloads.
QUIET = {
    "uvicorn": logging.WARNING,
    "uvicorn.access": logging.CRITICAL,
    "uvicorn.error": logging.WARNING,
    "websockets": logging.WARNING,
    "socketio": logging.WARNING,
    "engineio": logging.WARNING,
    "sqlalchemy": logging.WARNING,
    "alembic": logging.WARNING,
    "pgqueuer": logging.WARNING,
    "asyncio": logging.WARNING,
    "httpx": logging.WARNING,
    "httpcore": logging.WARNING,
    "aiosmtplib": logging.WARNING,
}

_PATTERNS = (
    (re.compile(r"[^\s@<>\"'=:,;()]+@[^\s@<>\"',;()]+\.[^\s@<>\"',;()]+"), "[e-mail]"),
    (re.compile(r"eyJ[\w-]{8,}\.[\w-]+\.[\w-]*"), "[token]"),
    (re.compile(r"v=0\s.*", re.DOTALL), "[sdp]"),
    (re.compile(r"(?:a=)?(?:candidate:|fingerprint:|ice-pwd:|ice-ufrag:)[^\"]*"), "[sdp]"),
    (re.compile(r"(postgres(?:ql)?|redis|smtps?)://\S+"), r"\1://[address]"),
)
_ADDRESSES = (
    re.compile(r"(?<![\w.:])[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}(?:\.\d{1,3}){0,3}(?![\w:])"),
    re.compile(r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w.])"),
)
LONGEST = 2000  # characters of one value; patterns over more would take their time


def configure(log_format: str, stream: TextIO | None = None) -> None:
    """Send everything through one door: `json` for machines, `text` for people at a terminal."""
    out = stream or sys.stdout
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        frames_only,
        redact,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    renderer: Processor = (
        structlog.dev.ConsoleRenderer(colors=out.isatty())
        if log_format == "text"
        else structlog.processors.JSONRenderer()
    )
    handler = logging.StreamHandler(out)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[first_line, *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    for name, level in QUIET.items():
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
        logger.setLevel(level)


def first_line(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """Libraries put the harmless sentence first, and the values it is about on the lines after it."""
    event["event"] = str(event.get("event", "")).split("\n", 1)[0]
    return event


def frames_only(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """An exception as its type and where it came from. Its message may quote what a person wrote."""
    found = event.pop("exc_info", None)
    error = sys.exc_info()[1] if found is True else found[1] if isinstance(found, tuple) else found
    if isinstance(error, BaseException):
        chain: list[dict[str, object]] = []
        seen: BaseException | None = error
        while seen is not None and len(chain) < 5:
            places = [
                f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(seen.__traceback__)
            ]
            chain.append({"type": type(seen).__qualname__, "frames": places[-12:]})
            seen = seen.__cause__ or seen.__context__
        event["exception"] = chain
    return event


def redact(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """The second line of defence: what looks like an address, a token or a session description is blacked out."""
    return {name: value if name == "timestamp" else _clean(value) for name, value in event.items()}


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {name: _clean(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(item) for item in value]
    return value


def clean(text: str) -> str:
    """The text without e-mail addresses, tokens, session descriptions and IP addresses."""
    text = text[:LONGEST]
    for pattern, word in _PATTERNS:
        text = pattern.sub(word, text)
    for pattern in _ADDRESSES:
        text = pattern.sub(lambda found: "[ip]" if _is_somebody(found[0]) else found[0], text)
    return text


def _is_somebody(text: str) -> bool:
    try:
        address = ip_address(text)
    except ValueError:
        return False
    return not (address.is_loopback or address.is_unspecified)
