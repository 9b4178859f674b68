"""The closed list of what can keep a person from a call. Server, app, letters and record use these words and no others.

A code is stable: words for people, on every screen and in every language, are looked up by it.
"""

from __future__ import annotations

from typing import Literal, get_args

Cause = Literal[
    # the device
    "permission_denied",
    "permission_dismissed",
    "permission_denied_by_system",
    "camera_busy",
    "microphone_busy",
    "no_device",
    "device_lost",
    "unsuitable_device",
    "device_failed",
    "silent_microphone",
    "silent_speaker",
    # the browser
    "in_app_browser",
    "insecure_origin",
    "unsupported_browser",
    "clock_skew",
    # the network
    "offline",
    "websocket_blocked",
    "udp_blocked",
    "relay_unreachable",
    "relay_refused",
    "low_bandwidth",
    "no_remote_frames",
    # the link
    "expired",
    "revoked",
    "too_early",
    "room_closed",
    "seat_taken",
]

CAUSES: tuple[Cause, ...] = get_args(Cause)
