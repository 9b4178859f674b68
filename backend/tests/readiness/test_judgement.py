"""What a cause means: a light for each, the worst decides, and the app knows the same list."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from teleconsulta.kernel.causes import CAUSES, Cause
from teleconsulta.kernel.languages import LANGUAGES
from teleconsulta.mail.remedies import REMEDIES
from teleconsulta.readiness.judgement import LIGHT_OF, MILD, Light, light_of, worst_first

# Found by somebody's coming, and not by a test beforehand: a letter has nothing to say about them.
NOT_IN_LETTERS = {"offline", "expired", "revoked", "room_closed", "no_remote_frames"}


@pytest.mark.parametrize(
    ("causes", "light"),
    [
        ([], "green"),
        (["udp_blocked"], "amber"),
        (["udp_blocked", "camera_busy"], "amber"),
        (["udp_blocked", "silent_microphone"], "red"),
        (["relay_unreachable"], "red"),
    ],
)
def test_the_worst_decides(causes: list[Cause], light: Light) -> None:
    assert light_of(causes) == light


def test_every_cause_has_a_light_and_the_grave_ones_come_first() -> None:
    assert LIGHT_OF.keys() == set(CAUSES)
    assert worst_first(["udp_blocked", "no_device", "udp_blocked", "silent_speaker"]) == [
        "no_device",
        "silent_speaker",
        "udp_blocked",
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_letter_has_words_for_all_that_is_grave(language: str) -> None:
    grave = {cause for cause in CAUSES if cause not in MILD} - NOT_IN_LETTERS
    assert REMEDIES[language].keys() == grave  # type: ignore[index]  # one of LANGUAGES


def test_the_published_list_is_the_one_that_is_used() -> None:
    """The app's types are made of this document."""
    document = json.loads((Path(__file__).parents[2] / "openapi.json").read_text())
    schemas = document["components"]["schemas"]
    assert schemas["TestWish"]["properties"]["causes"]["items"]["enum"] == list(CAUSES)
    assert schemas["Trouble"]["properties"]["cause"]["anyOf"][0]["enum"] == list(CAUSES)
