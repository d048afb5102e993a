"""The letters on the lab device's pictures: Latin always, Chinese where a font for it can be found."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Final, TypeAlias

from PIL import ImageFont

Font: TypeAlias = ImageFont.FreeTypeFont | ImageFont.ImageFont

_LAST_LATIN: Final = "\u024f"
_SYSTEM_FONTS: Final = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/google-noto-sans-cjk-fonts/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
    "/usr/share/fonts/truetype/arphic/uming.ttc",
    "/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf",
)


def find_wide_font() -> Path | None:
    """Find a font with Chinese glyphs: the packaged one, else one of the system's; `None` where there is none."""
    package = importlib.util.find_spec("paperang_p2_fonts_cjk")
    places = package.submodule_search_locations if package else None
    packaged = [Path(place) / "fonts" / "wqy-microhei.ttc" for place in places or ()]
    return next((path for path in (*packaged, *map(Path, _SYSTEM_FONTS)) if path.is_file()), None)


class Fonts:
    """Fonts by size for one picture; `wide` is the file used for everything beyond Latin."""

    def __init__(self, wide: Path | None) -> None:
        self._wide = wide
        self._loaded: dict[tuple[bool, int], Font] = {}

    def of(self, text: str, size: int) -> Font | None:
        """Give the font for a text, `None` when its letters cannot be drawn and boxes must stand for them."""
        wide = any(letter > _LAST_LATIN for letter in text)
        if wide and self._wide is None:
            return None
        if (wide, size) not in self._loaded:
            self._loaded[wide, size] = self._load(size, wide=wide)
        return self._loaded[wide, size]

    def _load(self, size: int, *, wide: bool) -> Font:
        if wide and self._wide is not None:
            return ImageFont.truetype(str(self._wide), size, layout_engine=ImageFont.Layout.BASIC)
        return ImageFont.load_default(size)
