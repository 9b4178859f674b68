"""A consultation as calendar programs know it (RFC 5545), asked for or cancelled by mail (RFC 5546, RFC 6047)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

PRODUCT = "-//Teleconsulta//Agenda//PT"
OCTETS = 75  # the longest line, without its end (RFC 5545, 3.1)
INVITED = "ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=FALSE"
_BREAKS = re.compile(r"\r\n|[\r\n\u2028\u2029\x0b\x0c\x85]")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")

Method = Literal["REQUEST", "CANCEL"]


@dataclass(frozen=True, slots=True)
class Mailbox:
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Event:
    """`uid` stays for good and `sequence` rises with each change: a program replaces what it knows by the higher one.

    Times are aware and travel in UTC: one moment, that every program shows in its owner's zone, with no rules of
    daylight saving of ours to be wrong about.
    """

    method: Method
    uid: str
    sequence: int
    stamp: datetime
    starts_at: datetime
    ends_at: datetime
    summary: str
    description: str
    link: str | None
    organizer: Mailbox
    attendee: Mailbox


def as_ics(event: Event) -> str:
    """The iCalendar object, lines ended by CRLF and folded."""
    cancelled = event.method == "CANCEL"
    lines = [
        "BEGIN:VCALENDAR",
        f"PRODID:{PRODUCT}",
        "VERSION:2.0",
        "CALSCALE:GREGORIAN",
        f"METHOD:{event.method}",
        "BEGIN:VEVENT",
        f"UID:{event.uid}",
        f"SEQUENCE:{event.sequence}",
        f"DTSTAMP:{_moment(event.stamp)}",
        f"DTSTART:{_moment(event.starts_at)}",
        f"DTEND:{_moment(event.ends_at)}",
        f"SUMMARY:{_text(event.summary)}",
        f"DESCRIPTION:{_text(event.description)}",
        *([f"URL:{event.link}", f"LOCATION:{_text(event.link)}"] if event.link else []),
        f"ORGANIZER;CN={_parameter(event.organizer.name)}:mailto:{event.organizer.email}",
        f"ATTENDEE;CN={_parameter(event.attendee.name)};{INVITED}:mailto:{event.attendee.email}",
        # Who shares a calendar shows others that time is taken, and not what for.
        "CLASS:PRIVATE",
        f"STATUS:{'CANCELLED' if cancelled else 'CONFIRMED'}",
        f"TRANSP:{'TRANSPARENT' if cancelled else 'OPAQUE'}",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{folded(line)}\r\n" for line in lines)


def folded(line: str) -> str:
    """At most 75 octets a line; a character is never cut in two."""
    parts, current, width = [], "", 0
    for character in line:
        size = len(character.encode())
        if width + size > OCTETS:
            parts.append(current)
            current, width = " ", 1
        current += character
        width += size
    return "\r\n".join([*parts, current])


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(text: str) -> str:
    plain = _CONTROL.sub("", _BREAKS.sub("\n", text))
    for character in ("\\", ";", ","):
        plain = plain.replace(character, f"\\{character}")
    return plain.replace("\n", "\\n")


def _parameter(name: str) -> str:
    """In quotes, so that commas and colons stay the name's own; a quote itself has no place there."""
    return '"' + _CONTROL.sub(" ", _BREAKS.sub(" ", name)).replace('"', "'") + '"'
