"""A logo that somebody uploads is drawn anew: what is kept and shown is our own PNG, not their file."""

from __future__ import annotations

import io

LARGEST_SIDE = 4000
WIDTH, HEIGHT = 480, 160
"""The box that the logo is made to fit into, in pixels."""


class NoPicture(ValueError):
    """It is no PNG or JPEG, or larger than `LARGEST_SIDE` pixels on a side."""


def redraw(file: bytes) -> bytes:
    """The picture as a PNG of at most `WIDTH` x `HEIGHT`, without anything that was hidden in the file.

    Pillow is loaded when the first logo comes; only its readers of PNG and JPEG are used.

    Raises:
        NoPicture.
    """
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(file), formats=("PNG", "JPEG")) as found:
            if max(found.size) > LARGEST_SIDE or min(found.size) < 1:
                raise NoPicture
            found.draft("RGB", (WIDTH, HEIGHT))
            picture = found.convert("RGBA")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise NoPicture from error
    picture.thumbnail((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    fresh = Image.new("RGBA", picture.size)
    fresh.paste(picture)
    out = io.BytesIO()
    fresh.save(out, "PNG", optimize=True)
    return out.getvalue()
