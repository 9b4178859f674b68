"""What kind of device a browser runs on, by what it says of itself: enough to tell one's own sessions apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["phone", "tablet", "computer", "unknown"]
Browser = Literal["chrome", "edge", "firefox", "opera", "safari", "samsung", "other"]

# The first that stands in the text: nearly all of them claim to be Safari, and many to be Chrome.
_BROWSERS: tuple[tuple[str, Browser], ...] = (
    ("SamsungBrowser/", "samsung"),
    ("Edg", "edge"),
    ("OPR/", "opera"),
    ("Firefox/", "firefox"),
    ("FxiOS/", "firefox"),
    ("CriOS/", "chrome"),
    ("Chrome/", "chrome"),
    ("Safari/", "safari"),
)


@dataclass(frozen=True, slots=True)
class Device:
    """All that is kept of a browser's name: two words out of a short list."""

    kind: Kind = "unknown"
    browser: Browser = "other"


def device_of(user_agent: str | None) -> Device:
    """The device behind a `User-Agent` header; without one, or with a strange one, an unknown device."""
    said = user_agent or ""
    return Device(_kind(said), next((name for sign, name in _BROWSERS if sign in said), "other"))


def _kind(said: str) -> Kind:
    if "iPad" in said or "Tablet" in said or ("Android" in said and "Mobile" not in said):
        return "tablet"
    if "iPhone" in said or "Mobile" in said:
        return "phone"
    return "computer" if any(system in said for system in ("Windows", "Macintosh", "Linux", "CrOS")) else "unknown"
