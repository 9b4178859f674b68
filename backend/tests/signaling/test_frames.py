"""The grammar of frames, and buckets."""

from __future__ import annotations

import pytest
from socketio.packet import CONNECT, EVENT

from teleconsulta.signaling.frames import Frame, StrictPacket, kind
from teleconsulta.signaling.limits import Bucket


@pytest.mark.parametrize(
    ("frame", "expected"),
    [
        ("3", Frame.OTHER),
        ("1", Frame.OTHER),
        ("41", Frame.DISCONNECT),
        ("40", Frame.CONNECT),
        ('40{"token":"x\ny"}', Frame.CONNECT),
        ('42["signal",{}]', Frame.OTHER),
        ('4217["signal"]', Frame.OTHER),
        ('42["olá",{}]', Frame.OTHER),
        ('42["connect",{}]', Frame.HOSTILE),
        ('4299["disconnect"]', Frame.HOSTILE),
        ('42["con\\u006eect"]', Frame.HOSTILE),
        ('42[""]', Frame.HOSTILE),
        ("42[1]", Frame.HOSTILE),
        ('42[["signal"]]', Frame.HOSTILE),
        ("42", Frame.HOSTILE),
        ('42/other,["signal"]', Frame.HOSTILE),
        ("40/other,{}", Frame.HOSTILE),
        ("40[]", Frame.HOSTILE),
        ("43[]", Frame.HOSTILE),
        ('451-["x",{"_placeholder":true,"num":0}]', Frame.HOSTILE),
        ("2", Frame.HOSTILE),
        ("²", Frame.HOSTILE),
        ("", Frame.HOSTILE),
        (b"bytes", Frame.HOSTILE),
        (None, Frame.HOSTILE),
    ],
)
def test_only_the_known_grammar_passes(frame: str | bytes | None, expected: Frame) -> None:
    assert kind(frame) is expected


def _read(frame: str) -> StrictPacket:
    return StrictPacket(encoded_packet=frame)  # type: ignore[no-untyped-call]  # Socket.IO has no annotations


def test_malformed_json_becomes_an_event_that_nobody_handles() -> None:
    packet = _read('27["signal",{"a":}]')
    assert (packet.packet_type, packet.id, packet.data) == (EVENT, 7, ["malformed"])
    packet = _read("0{nonsense}")
    assert (packet.packet_type, packet.data) == (CONNECT, None)


class TestBucket:
    def test_a_burst_is_free_and_then_everything_takes_its_time(self) -> None:
        bucket = Bucket(rate=20, burst=2)
        assert [bucket.delay(0.0) for _ in range(4)] == [0, 0, 0.05, 0.1]
        assert bucket.delay(10.0) == 0

    def test_it_refuses_and_says_for_how_long(self) -> None:
        bucket = Bucket(rate=0.1, burst=1)
        assert bucket.allows(0.0)
        assert not bucket.allows(1.0)
        assert bucket.wait() == pytest.approx(9)
        assert bucket.allows(11.0)

    def test_what_is_given_back_does_not_overflow(self) -> None:
        bucket = Bucket(rate=1, burst=2)
        bucket.allows(0.0)
        bucket.refund()
        bucket.refund()
        assert bucket.is_full(0.0)
        assert bucket.tokens == 2
