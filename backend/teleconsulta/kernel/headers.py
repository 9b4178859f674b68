"""The headers of every answer: what a page of ours may load and do, and who may keep a copy of it."""

from __future__ import annotations

from urllib.parse import urlsplit

from teleconsulta.kernel.settings import Settings

# Everything a browser could be asked for; only what a consultation needs is given, and only to pages.
# Names that today's Chromium does not know are left out: each would be a warning on every page.
FEATURES = (
    "accelerometer", "autoplay", "browsing-topics", "camera", "clipboard-read", "clipboard-write", "compute-pressure",
    "cross-origin-isolated", "display-capture", "encrypted-media", "fullscreen", "gamepad", "geolocation", "gyroscope",
    "hid", "identity-credentials-get", "idle-detection", "keyboard-map", "local-fonts", "magnetometer", "microphone",
    "midi", "otp-credentials", "payment", "picture-in-picture", "publickey-credentials-create",
    "publickey-credentials-get", "screen-wake-lock", "serial", "speaker-selection", "storage-access", "sync-xhr",
    "usb", "window-management", "xr-spatial-tracking",
)  # fmt: skip
FOR_PAGES = frozenset({
    "autoplay", "camera", "clipboard-write", "display-capture", "fullscreen", "microphone", "picture-in-picture",
    "screen-wake-lock", "speaker-selection",
})  # fmt: skip

YEAR = 31_536_000


def content_security_policy(settings: Settings) -> str:
    """Nothing but our own files; sockets to our own address; no frames, no forms, no strings as scripts."""
    address = urlsplit(settings.origin)
    socket = f"{'wss' if settings.secure else 'ws'}://{address.netloc}"
    return "; ".join([
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "media-src 'self' blob:",
        "font-src 'self'",
        f"connect-src 'self' {socket}",
        "worker-src 'self' blob:",
        "manifest-src 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "object-src 'none'",
        "require-trusted-types-for 'script'",
    ])  # fmt: skip


def permissions_policy(granted: frozenset[str]) -> str:
    return ", ".join(f"{name}=({'self' if name in granted else ''})" for name in FEATURES)


def security_headers(settings: Settings) -> dict[str, str]:
    """For every answer; `Permissions-Policy` and `Cache-Control` are set by who knows what the answer is."""
    headers = {
        "content-security-policy": content_security_policy(settings),
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "referrer-policy": "no-referrer",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "x-robots-tag": "noindex, nofollow",
    }
    if settings.secure:
        headers["strict-transport-security"] = f"max-age={YEAR}; includeSubDomains"
    return headers
