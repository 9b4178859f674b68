"""Session descriptions and candidates of the size and make that Chromium sends for one audio and one video."""

from __future__ import annotations

import secrets

CODECS = 24


def description(kind: str) -> dict[str, str]:
    """An offer of about 6 kB, or an answer of about 4 kB."""
    head = [
        "v=0", f"o=- {secrets.randbits(62)} 2 IN IP4 127.0.0.1", "s=-", "t=0 0", "a=group:BUNDLE 0 1 2",
        "a=extmap-allow-mixed", "a=msid-semantic: WMS",
    ]  # fmt: skip
    common = [
        "c=IN IP4 0.0.0.0", "a=rtcp:9 IN IP4 0.0.0.0", "a=ice-ufrag:" + secrets.token_hex(2),
        "a=ice-pwd:" + secrets.token_hex(12), "a=ice-options:trickle",
        "a=fingerprint:sha-256 " + ":".join(secrets.token_hex(1).upper() for _ in range(32)), "a=setup:actpass",
    ]  # fmt: skip
    codecs = CODECS if kind == "offer" else CODECS * 2 // 3
    audio = ["m=audio 9 UDP/TLS/RTP/SAVPF 111 63 9 0 8 13 110 126", *common, "a=mid:0", "a=sendrecv", "a=rtcp-mux"]
    audio += [f"a=rtpmap:{111 + n} opus/48000/2" for n in range(8)]
    video = ["m=video 9 UDP/TLS/RTP/SAVPF 96 97 98 99 100 101", *common, "a=mid:1", "a=sendrecv", "a=rtcp-mux"]
    for n in range(codecs):
        number = 96 + n
        video += [f"a=rtpmap:{number} VP9/90000", f"a=rtcp-fb:{number} goog-remb", f"a=rtcp-fb:{number} transport-cc"]
        video += [f"a=rtcp-fb:{number} ccm fir", f"a=rtcp-fb:{number} nack", f"a=fmtp:{number} profile-id={n % 4}"]
    video += [f"a=ssrc:{secrets.randbits(31)} cname:{secrets.token_hex(8)}" for _ in range(4)]
    data = ["m=application 9 UDP/DTLS/SCTP webrtc-datachannel", *common, "a=mid:2", "a=sctp-port:5000"]
    return {"type": kind, "sdp": "\r\n".join([*head, *audio, *video, *data]) + "\r\n"}


def candidates(count: int) -> list[dict[str, str | int]]:
    """Host candidates as a browser describes them."""
    return [
        {
            "candidate": f"candidate:{secrets.randbits(31)} 1 udp {2122260223 - n} 192.168.1.{n + 2} {50000 + n} "
            f"typ host generation 0 ufrag {secrets.token_hex(2)} network-id {n + 1} network-cost 10",
            "sdpMid": "0",
            "sdpMLineIndex": 0,
        }
        for n in range(count)
    ]
