"""The clinic's colour and what is made of it: text has a contrast of 4.5:1 everywhere (WCAG 2.2, AA). Pure."""

from __future__ import annotations

from dataclasses import dataclass

LEAST = 4.5
WHITE, INK = "#ffffff", "#0b1211"
LIGHT_GROUND, DARK_GROUND, DARK_SUNKEN = "#f4f7f6", "#18211f", "#202b28"


@dataclass(frozen=True, slots=True)
class Shades:
    """`accent` for buttons and links, `strong` under a finger, `soft` behind an accent's words, `on` words on it."""

    accent: str
    strong: str
    soft: str
    on: str


@dataclass(frozen=True, slots=True)
class Palette:
    light: Shades
    dark: Shades


def contrast(one: str, other: str) -> float:
    """The ratio of two colours `#rrggbb`, 1 to 21 (WCAG's relative luminance)."""
    brighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def readable(accent: str) -> float:
    """The worse of what the colour is used for on light pages: white words on it, and its words on the ground."""
    return min(contrast(accent, WHITE), contrast(accent, LIGHT_GROUND))


def palette(accent: str) -> Palette:
    """All shades of a colour that is `readable` enough; on dark pages it is lightened until it is."""
    light = Shades(accent, mix(accent, "#000000", 0.2), _soft(accent, WHITE), WHITE)
    lighter = accent
    for step in range(21):
        lighter = mix(accent, WHITE, step / 20)
        if min(contrast(lighter, DARK_SUNKEN), contrast(lighter, INK)) >= LEAST:
            break
    dark = Shades(lighter, mix(lighter, WHITE, 0.3), _soft(lighter, DARK_GROUND), INK)
    return Palette(light, dark)


def mix(colour: str, other: str, share: float) -> str:
    """`colour` with so much of `other` in it, 0 to 1."""
    pairs = zip(_channels(colour), _channels(other), strict=True)
    return "#" + "".join(f"{round(one + (two - one) * share):02x}" for one, two in pairs)


def _soft(accent: str, ground: str) -> str:
    """As much of the colour behind its own words as leaves them readable."""
    for share in (0.85, 0.9, 0.95):
        if contrast(accent, found := mix(accent, ground, share)) >= LEAST:
            return found
    return ground


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in _shares(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _shares(colour: str) -> list[float]:
    return [channel / 255 for channel in _channels(colour)]
