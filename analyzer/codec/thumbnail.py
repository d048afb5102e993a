"""Makes small pictures of screenshots; the screenshots come from the device and are not trusted."""

from __future__ import annotations

import io
import warnings
from typing import Final

from PIL import Image

from analyzer.model.exhibits import Picture

LARGEST: Final = 40_000_000
"""A picture of more pixels is not opened."""

SIDE: Final = (360, 640)
"""The box that a small picture fits into, in pixels."""

_QUALITY: Final = 62


def thumbnail(data: bytes) -> Picture | None:
    """Give a small picture of a PNG; `None` for what is none, or is too large."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(data), formats=("PNG",))
        if picture.width * picture.height > LARGEST:
            return None
        small = picture.convert("RGB")
        small.thumbnail(SIDE, Image.Resampling.LANCZOS)
        out = io.BytesIO()
        small.save(out, "WEBP", quality=_QUALITY, method=4)
    except (OSError, ValueError, SyntaxError, EOFError, MemoryError, Image.DecompressionBombError):
        return None  # what PIL raises for files that are no picture, or a broken one
    return Picture("image/webp", out.getvalue(), small.width, small.height)
