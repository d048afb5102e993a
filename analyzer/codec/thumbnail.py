"""Makes small pictures of screenshots; the screenshots come from the device and are not trusted."""

from __future__ import annotations

import io
import warnings
from typing import Final

from PIL import Image, ImageDraw

from analyzer.model.exhibits import Picture, Regions

LARGEST: Final = 40_000_000
"""A picture of more pixels is not opened."""

SIDE: Final = (360, 640)
"""The box that a small picture fits into, in pixels."""

_QUALITY: Final = 62
NOWHERE: Final = Regions()

_SHAPE: Final = 0.02
_EDGE: Final = 2
"""Letters may reach a little over the edge of their view."""


def thumbnail(data: bytes, over: Regions = NOWHERE) -> Picture | None:
    """Give a small picture of a PNG, some regions painted over; `None` for what is none, or is too large."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(data), formats=("PNG",))
        if picture.width * picture.height > LARGEST:
            return None
        small = picture.convert("RGB")
        _paint(small, over)
        small.thumbnail(SIDE, Image.Resampling.LANCZOS)
        out = io.BytesIO()
        small.save(out, "WEBP", quality=_QUALITY, method=4)
    except (OSError, ValueError, SyntaxError, EOFError, MemoryError, Image.DecompressionBombError):
        return None  # what PIL raises for files that are no picture, or a broken one
    return Picture("image/webp", out.getvalue(), small.width, small.height)


def _paint(picture: Image.Image, over: Regions) -> None:
    """Paint over regions; a picture of the same shape as their screen may be smaller than it."""
    width, height = over.frame
    scale = picture.width / width if width else 1.0
    if abs(height * scale - picture.height) > _SHAPE * picture.height:
        scale = 1.0  # the frame is a window on the screen, and the picture shows all of it
    brush = ImageDraw.Draw(picture)
    for box in over.boxes:
        left, top, right, bottom = (at * scale for at in box)
        brush.rectangle((left - _EDGE, top - _EDGE, right + _EDGE, bottom + _EDGE), fill=0)
