"""Pictures: how well the letters of a control stand out, measured on the picture that was taken of the screen."""

from __future__ import annotations

from io import BytesIO
from typing import Final

from PIL import Image, PngImagePlugin, UnidentifiedImageError

from analyzer.analysis.screens import Bounds

MOST_PIXELS: Final = 40_000_000
"""Larger pictures than any screen are not opened."""
MOST_REDUCED: Final = 4
"""Pictures are taken at the screen's own size, or reduced by a small whole number."""
LEAST_SHARE: Final = 0.002
"""A colour on a smaller share of a control is noise of the smoothing, no ink."""
_MARGIN: Final = 8
"""One part in so many of a control's height and width is left out on each side: its outline is not its letters."""
_STEP: Final = 16
_KNOWN: Final = PngImagePlugin.PngImageFile.format
_CHANNELS: Final = 3
_LINEAR_BELOW: Final = 0.04045


class Picture:
    """A picture of a screen whose hierarchy reaches to `size` (right and bottom, in the hierarchy's pixels)."""

    def __init__(self, image: Image.Image, size: tuple[int, int]) -> None:
        self._image = image
        self._scale = _scale(image.size, size)

    def contrast(self, bounds: Bounds) -> float | None:
        """Give the ratio of ink to ground as WCAG counts it (1 to 21); `None` where it cannot be measured."""
        if self._scale is None or bounds.area == 0:
            return None
        wide, high = bounds.right - bounds.left, bounds.bottom - bounds.top
        box = (
            int((bounds.left + wide / _MARGIN) * self._scale),
            int((bounds.top + high / _MARGIN) * self._scale),
            int((bounds.right - wide / _MARGIN) * self._scale),
            int((bounds.bottom - high / _MARGIN) * self._scale),
        )
        left, top, right, bottom = box
        if not (0 <= left < right <= self._image.width and 0 <= top < bottom <= self._image.height):
            return None
        return _contrast(self._image.crop(box))


def read_picture(data: bytes, size: tuple[int, int]) -> Picture | None:
    """Open a PNG; `None` where it is none, is broken, or larger than any screen."""
    try:
        image = Image.open(BytesIO(data), formats=[_KNOWN])
        if image.width * image.height > MOST_PIXELS:
            return None
        return Picture(image.convert("RGB"), size)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None


def _scale(picture: tuple[int, int], size: tuple[int, int]) -> float | None:
    """Take the least reduction by a whole number in which the screen fits the picture.

    A window may be smaller than the screen that it is on, so the picture may show more than the hierarchy reaches.
    """
    (wide, high), (right, bottom) = picture, size
    fitting = (step for step in range(1, MOST_REDUCED + 1) if right <= wide * step and bottom <= high * step)
    step = next(fitting, None)
    return 1 / step if step and right > 0 and bottom > 0 else None


def _contrast(part: Image.Image) -> float | None:
    """Take the commonest colour for the ground, and what stands out most from it for the ink."""
    counted: dict[tuple[int, ...], int] = {}
    for count, colour in part.getcolors(part.width * part.height) or []:
        if isinstance(colour, tuple) and len(colour) == _CHANNELS:
            shade = tuple(channel // _STEP * _STEP + _STEP // 2 for channel in colour)
            counted[shade] = counted.get(shade, 0) + count
    if not counted:
        return None
    ground = max(counted, key=lambda shade: (counted[shade], shade))
    least = LEAST_SHARE * part.width * part.height
    inks = [shade for shade, count in counted.items() if count >= least]
    return round(max((_ratio(ground, ink) for ink in inks), default=1.0), 2)


def _ratio(one: tuple[int, ...], other: tuple[int, ...]) -> float:
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: tuple[int, ...]) -> float:
    red, green, blue = (_linear(channel / 255) for channel in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(share: float) -> float:
    return share / 12.92 if share <= _LINEAR_BELOW else ((share + 0.055) / 1.055) ** 2.4
