"""Codes of an authenticator app, as the standard says, and the picture that an app reads."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from teleconsulta.auth import totp
from teleconsulta.auth.devices import Device, device_of

# RFC 6238, appendix B, for SHA-1; its codes have eight digits, of which an app shows the last six.
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
VECTORS = [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (2000000000, "279037")]
ME, YOU = UUID(int=1), UUID(int=2)


def at(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


class TestCodes:
    @pytest.mark.parametrize(("seconds", "code"), VECTORS)
    def test_they_are_those_of_the_standard(self, seconds: int, code: str) -> None:
        assert totp.matching_step(SECRET, code, at(seconds)) == seconds // 30

    @pytest.mark.parametrize(("seconds", "fits"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
    def test_a_clock_may_be_one_step_off(self, seconds: int, fits: bool) -> None:
        then = at(1234567890) + timedelta(seconds=seconds)
        assert (totp.matching_step(SECRET, "005924", then) is not None) is fits

    def test_a_code_is_worth_nothing_once_it_or_a_later_one_was_used(self) -> None:
        step = 1234567890 // 30
        assert totp.matching_step(SECRET, "005924", at(1234567890), after=step - 1) == step
        assert totp.matching_step(SECRET, "005924", at(1234567890), after=step) is None
        assert totp.matching_step(SECRET, "005924", at(1234567890), after=step + 1) is None

    @pytest.mark.parametrize(
        ("typed", "is_app_code"),
        [("005924", True), (" 005 924 ", True), ("00592", False), ("٠٠٥٩٢٤", False), ("7kqm-2fzx-9whb-c3np", False)],
    )
    def test_what_people_type(self, typed: str, is_app_code: bool) -> None:
        assert totp.is_app_code(totp.plain(typed)) is is_app_code


class TestRecoveryCodes:
    def test_ten_different_ones_that_can_be_read_aloud(self) -> None:
        codes = totp.new_recovery_codes()
        assert len(set(codes)) == 10
        assert all(re.fullmatch(r"([a-hjkmnp-z2-9]{4}-){3}[a-hjkmnp-z2-9]{4}", code) for code in codes)

    def test_spaces_dashes_and_capitals_do_not_matter_and_the_owner_does(self) -> None:
        kept = totp.recovery_hash(ME, "7kqm-2fzx-9whb-c3np")
        assert totp.recovery_hash(ME, "7KQM 2FZX 9WHB C3NP") == kept
        assert totp.recovery_hash(YOU, "7kqm-2fzx-9whb-c3np") != kept


def test_an_app_is_told_whose_code_it_is() -> None:
    address = totp.uri(SECRET, "íris@clinica.example", "Clínica Horizonte")
    assert address.startswith("otpauth://totp/Cl%C3%ADnica%20Horizonte:")
    assert f"secret={SECRET}" in address


def test_the_picture_has_the_three_corners_of_a_qr_code() -> None:
    drawn = totp.picture(totp.uri(totp.new_secret(), "iris@clinica.example", "Clínica Horizonte"))
    dark = {
        (int(x) + step, int(y))
        for x, y, length in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", drawn.path)
        for step in range(int(length))
    }
    corner = {(x, y) for x in range(7) for y in range(7) if {x, y} & {0, 6} or {x, y} <= {2, 3, 4}}
    for left, top in ((0, 0), (drawn.size - 7, 0), (0, drawn.size - 7)):
        found = {(x, y) for x in range(7) for y in range(7) if (x + left, y + top) in dark}
        assert found == corner
    assert max(max(spot) for spot in dark) == drawn.size - 1


@pytest.mark.parametrize(
    ("said", "device"),
    [
        (None, Device("unknown", "other")),
        ("curl/8.5", Device("unknown", "other")),
        (
            "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/140.0.0.0 Mobile Safari/537.36",
            Device("phone", "chrome"),
        ),
        (
            "Mozilla/5.0 (Linux; Android 13; SM-X200) AppleWebKit/537.36 SamsungBrowser/25.0 Chrome/121 Safari/537.36",
            Device("tablet", "samsung"),
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) Version/18.5 Mobile/15E148 Safari/604.1",
            Device("phone", "safari"),
        ),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", Device("computer", "firefox")),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0 Safari/537.36 Edg/140.0", Device("computer", "edge")),
    ],
)
def test_a_device_is_known_by_two_words(said: str | None, device: Device) -> None:
    assert device_of(said) == device
