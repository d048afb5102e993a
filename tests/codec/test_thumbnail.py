from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image

from analyzer.codec.thumbnail import LARGEST, SIDE, thumbnail


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


def test_equal_screenshots_give_equal_bytes():
    assert thumbnail(png(800, 600)) == thumbnail(png(800, 600))


@pytest.mark.parametrize(
    "data",
    [b"", b"GIF89a", png(50, 50)[:60], claiming(LARGEST, 2), claiming(2**31 - 1, 2**31 - 1)],
    ids=["nothing", "gif", "torn", "large", "bomb"],
)
def test_what_is_no_picture_or_too_large_gives_none(data):
    assert thumbnail(data) is None
