from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image

from analyzer.codec.thumbnail import LARGEST, SIDE, thumbnail
from analyzer.model.exhibits import Regions


def png(width: int, height: int, mode: str = "RGB") -> bytes:
    out = io.BytesIO()
    Image.new(mode, (width, height), 128).save(out, "PNG")
    return out.getvalue()


def claiming(width: int, height: int) -> bytes:
    """Write a PNG of one pixel that claims to be larger."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", len(head)) + b"IHDR" + head + struct.pack(">I", zlib.crc32(b"IHDR" + head))
    return png(1, 1)[:8] + chunk + png(1, 1)[33:]


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "P", "1", "I;16"])
def test_a_screenshot_becomes_small_and_keeps_its_shape(mode):
    picture = thumbnail(png(1080, 2160, mode))
    assert picture is not None
    assert picture.media_type == "image/webp"
    assert (picture.width, picture.height) == (SIDE[1] // 2, SIDE[1])
    assert Image.open(io.BytesIO(picture.data)).format == "WEBP"


@pytest.mark.parametrize(
    ("size", "frame"),
    [((720, 1280), (720, 1280)), ((360, 640), (720, 1280)), ((720, 1280), (0, 0)), ((720, 1280), (700, 500))],
    ids=["screen", "half", "unknown", "window"],
)
def test_regions_are_painted_over_before_the_picture_is_made_small(size, frame):
    white = io.BytesIO()
    Image.new("RGB", size, "white").save(white, "PNG")
    picture = thumbnail(white.getvalue(), Regions(((100, 200, 300, 400),), frame))
    seen = Image.open(io.BytesIO(picture.data)).convert("L")
    assert (seen.width, seen.height) == (360, 640)
    dark = [(x, y) for x in range(0, 360, 5) for y in range(0, 640, 5) if seen.getpixel((x, y)) < 100]
    assert (min(dark), max(dark)) == ((50, 100), (150, 200))


def test_equal_screenshots_give_equal_bytes():
    assert thumbnail(png(800, 600)) == thumbnail(png(800, 600))


@pytest.mark.parametrize(
    "data",
    [b"", b"GIF89a", png(50, 50)[:60], claiming(LARGEST, 2), claiming(2**31 - 1, 2**31 - 1)],
    ids=["nothing", "gif", "torn", "large", "bomb"],
)
def test_what_is_no_picture_or_too_large_gives_none(data):
    assert thumbnail(data) is None
